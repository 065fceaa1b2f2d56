import type pg from "pg";

const PROMPT_TIMEOUT_MS = 5_000;

/** A query that the server answers at once unless the connection is dead, which the timeout turns into an error. */
export function promptly(text: string, values: unknown[] = []): pg.QueryConfig {
  // pg 8.13 added `query_timeout` per query; its types do not have it yet.
  return { text, values, query_timeout: PROMPT_TIMEOUT_MS } as pg.QueryConfig;
}
