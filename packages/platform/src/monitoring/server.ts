import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lifetime } from "../process/lifetime.ts";
import type { Logger } from "../process/logger.ts";
import type { Registry } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

export type OperationsOptions = {
  /** 0 lets the operating system pick a free port. */
  readonly port: number;
  /** Defaults to all interfaces, as a container needs. */
  readonly host?: string;
  readonly registry: Registry;
  readonly checkReadiness: () => Promise<Readiness>;
  readonly logger: Logger;
};

type Page = { readonly status: number; readonly type: string; readonly body: string };

const json = (status: number, body: object): Page => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
});

/**
 * Serves `/metrics`, `/healthz` and `/readyz` on a port of their own (docs/api.md §6) until `lifetime` closes it. Requires no token, so
 * the port must not be public. Resolves with the port.
 */
export async function serveOperations(
  { port, host, registry, checkReadiness, logger }: OperationsOptions,
  lifetime: Lifetime,
): Promise<number> {
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    "/metrics": async () => ({
      status: 200,
      type: registry.contentType,
      body: await registry.metrics(),
    }),
    "/healthz": async () => json(200, { status: "ok" }),
    "/readyz": async () => {
      const { ready, checks } = await checkReadiness();
      return json(ready ? 200 : 503, { status: ready ? "ready" : "not_ready", checks });
    },
  };

  const render = async (request: IncomingMessage): Promise<Page> => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return json(404, { status: "not_found" });
    if (request.method !== "GET" && request.method !== "HEAD")
      return json(405, { status: "method_not_allowed" });
    return page();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, type, body } = await render(request).catch((error: unknown) => {
      logger.error({ err: error }, "operations page failed");
      return json(500, { status: "error" });
    });
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ port, host }, resolve);
  });
  lifetime.onClose("operations", async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}
