import type {
  Context,
  CountedContext,
  CreateContextRequest,
  CreateSourceRequest,
  GetContextSummaryParams,
  ListContextsParams,
  ListSourcesParams,
  ListTransactionsParams,
  Source,
  Summary,
  Transaction,
} from "../generated/api-types.ts";
import { createListing, type Listing } from "../pages.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";

/** Contexts (docs/api.md §5, §8). */
export const contextCalls = (transport: Transport) => ({
  /**
   * Creates a context.
   *
   * @example
   * const context = await docket.contexts.create({ name: "Bank against ledger" });
   */
  create: async (request: CreateContextRequest, options?: WriteOptions): Promise<Context> => {
    const spec = { method: "POST", path: "/v1/contexts", json: request, options } as const;
    return transport.json<Context>(spec);
  },
  /**
   * A context with the counts of its records.
   *
   * @example
   * const { counts } = await docket.contexts.get(contextId);
   */
  get: async (contextId: string, options?: CallOptions): Promise<CountedContext> => {
    const path = contextPath(contextId);
    return transport.json<CountedContext>({ method: "GET", path, options });
  },
  /**
   * The figures of a context: its transactions in a range of days, and its exceptions, disputes and exports as of now.
   *
   * @example
   * const { exceptions, disputes } = await docket.contexts.summary(contextId, { dateFrom: "2026-01-01" });
   */
  summary: async (
    contextId: string,
    query: GetContextSummaryParams = {},
    options?: CallOptions,
  ): Promise<Summary> => {
    const spec = {
      method: "GET",
      path: `${contextPath(contextId)}/summary`,
      query,
      options,
    } as const;
    return transport.json<Summary>(spec);
  },
  /**
   * All contexts, newest first.
   *
   * @example
   * for await (const context of docket.contexts.list()) console.log(context.name);
   */
  list: (query: ListContextsParams = {}, options?: CallOptions): Listing<Context> =>
    createListing(transport, "/v1/contexts", query, options),
  /**
   * The context with this name; undefined when there is none.
   *
   * @example
   * const context = await docket.contexts.find("Bank against ledger");
   */
  find: async (name: string, options?: CallOptions): Promise<Context | undefined> =>
    findByName(createListing<Context>(transport, "/v1/contexts", {}, options), name),
});

/** The sources of a context (docs/api.md §5). */
export const sourceCalls = (transport: Transport) => ({
  /**
   * Creates a source.
   *
   * @example
   * await docket.sources.create(contextId, { name: "Bank", type: "BANK", side: "LEFT" });
   */
  create: async (
    contextId: string,
    request: CreateSourceRequest,
    options?: WriteOptions,
  ): Promise<Source> => {
    const spec = { method: "POST", path: sourcesOf(contextId), json: request, options } as const;
    return transport.json<Source>(spec);
  },
  /**
   * The sources of a context, newest first.
   *
   * @example
   * for await (const source of docket.sources.list(contextId)) console.log(source.name);
   */
  list: (
    contextId: string,
    query: ListSourcesParams = {},
    options?: CallOptions,
  ): Listing<Source> => createListing(transport, sourcesOf(contextId), query, options),
  /**
   * The source with this name; undefined when there is none.
   *
   * @example
   * const bank = await docket.sources.find(contextId, "Bank");
   */
  find: async (
    contextId: string,
    name: string,
    options?: CallOptions,
  ): Promise<Source | undefined> =>
    findByName(createListing<Source>(transport, sourcesOf(contextId), {}, options), name),
});

/** The transactions of a context (docs/api.md §8). */
export const transactionCalls = (transport: Transport) => ({
  /**
   * The transactions of a context, newest date first.
   *
   * @example
   * for await (const { amount } of docket.transactions.list(contextId, { currency: "EUR" })) sum(amount);
   */
  list: (
    contextId: string,
    query: ListTransactionsParams = {},
    options?: CallOptions,
  ): Listing<Transaction> => {
    return createListing(transport, `${contextPath(contextId)}/transactions`, query, options);
  },
});

const contextPath = (contextId: string): string => `/v1/contexts/${encodeURIComponent(contextId)}`;

const sourcesOf = (contextId: string): string => `${contextPath(contextId)}/sources`;

async function findByName<T extends { readonly name: string }>(
  items: AsyncIterable<T>,
  name: string,
): Promise<T | undefined> {
  for await (const item of items) {
    if (item.name === name) return item;
  }
  return undefined;
}
