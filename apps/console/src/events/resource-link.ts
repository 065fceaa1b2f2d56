import { contextPath, tenantPath } from "../app/paths.ts";

const ITEM = /^\/v1\/(export-jobs|disputes|exceptions|contexts|webhook-endpoints)\/([\w-]+)$/;

/** The areas below a context that show a resource. */
const CONTEXT_AREAS: Readonly<Record<string, string>> = {
  "export-jobs": "exports",
  disputes: "disputes",
  exceptions: "exceptions",
};

/** Where the console shows the resource of an event; undefined if it does not. */
export function resourceHref(subject: string, data: object | null): string | undefined {
  const [, resource = "", id] = ITEM.exec(subject) ?? [];
  if (id === undefined) return undefined;
  if (resource === "contexts") return tenantPath("data", id);
  if (resource === "webhook-endpoints") return tenantPath("webhooks", id);
  const { contextId } = (data ?? {}) as { readonly contextId?: unknown };
  const area = CONTEXT_AREAS[resource];
  if (typeof contextId !== "string" || area === undefined) return undefined;
  return contextPath(contextId, area, id);
}
