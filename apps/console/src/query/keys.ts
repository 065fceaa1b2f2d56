/**
 * The first element of every query key. An event of a resource invalidates all queries that begin with its name:
 * `queryClient.invalidateQueries({ queryKey: [RESOURCES.exports] })`.
 */
export const RESOURCES = {
  contexts: "contexts",
  sources: "sources",
  summary: "summary",
  transactions: "transactions",
  exports: "exports",
  exceptions: "exceptions",
  disputes: "disputes",
  events: "events",
  webhooks: "webhooks",
} as const;

export type Resource = keyof typeof RESOURCES;

/** `params` is all that the answer depends on. */
export const listKey = (resource: Resource, params: object) => [resource, "list", params] as const;
export const itemKey = (resource: Resource, id: string, ...part: readonly string[]) =>
  [resource, "item", id, ...part] as const;
