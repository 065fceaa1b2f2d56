import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ApiConfig } from "../../src/index.ts";
import { createApi, type Caller, type TestApi } from "./api.ts";
import { validToken } from "./tokens.ts";

export const NDJSON = "application/x-ndjson";
export const CSV = "text/csv";

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  // oxlint-disable-next-line typescript/no-explicit-any -- any response of the API
  readonly body: any;
};

export type Chunks = Iterable<Buffer | string> | AsyncIterable<Buffer | string>;

export type Push = {
  readonly kind?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly context?: string;
  readonly token?: string;
};

/** An API that listens on a port, with a tenant whose context has the source Bank. */
export type RecordsStage = {
  readonly api: TestApi;
  readonly port: number;
  /** Changes to a new tenant and a new context, for the next test. */
  readonly renew: () => Promise<void>;
  readonly caller: () => Caller;
  readonly contextId: () => string;
  /** Sends a body in chunks. The response may arrive before the body has ended. */
  readonly push: (chunks: Chunks, options?: Push) => Promise<Answer>;
  /** How many transactions the context has. */
  readonly count: () => Promise<number>;
  /** How many ingests are receiving rows at the moment. */
  readonly running: () => Promise<number>;
  readonly close: () => Promise<void>;
};

export async function createRecordsStage(changes: Partial<ApiConfig> = {}): Promise<RecordsStage> {
  const api = await createApi(changes);
  const server = createServer({ requestTimeout: 0 }, api.app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let caller: Caller;
  let contextId: string;
  return {
    api,
    port,
    renew: async () => {
      caller = api.caller();
      contextId = await caller.aContext();
      await caller.aSource(contextId, "Bank");
    },
    caller: () => caller,
    contextId: () => contextId,
    push: (chunks, { kind = "transactions", context = contextId, ...options } = {}) =>
      send(port, `/v1/contexts/${context}/records/${kind}`, chunks, {
        token: validToken({ tenant_id: caller.tenantId }),
        ...options,
      }),
    count: async () => {
      const { body } = await caller.get(`/v1/contexts/${contextId}`).expect(200);
      return body.counts.transactions as number;
    },
    running: async () => {
      const { rowCount } = await api.context.database.pool.query(
        "SELECT FROM pg_stat_activity WHERE query LIKE 'COPY ingest_rows%' AND state = 'active' AND datname = current_database()",
      );
      return rowCount ?? 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await api.close();
    },
  };
}

/** Sends a body in chunks to the API on `port`. */
export async function send(
  port: number,
  path: string,
  chunks: Chunks,
  { type = NDJSON, headers = {}, token = "" }: Push,
): Promise<Answer> {
  const call = httpRequest({
    port,
    method: "POST",
    path,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(type !== "" && { "Content-Type": type }),
      ...headers,
    },
  });
  const answered = once(call, "response") as Promise<[IncomingMessage]>;
  const sent = pipeline(Readable.from(chunks, { objectMode: false }), call).catch(() => undefined);
  try {
    const [response] = await answered;
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: JSON.parse(Buffer.concat(parts).toString()),
    };
  } finally {
    call.destroy();
    await sent;
  }
}

/** A body that sends one line and then waits for `end`. */
export function openBody(text: string): { readonly chunks: Chunks; readonly end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const chunks = (async function* chunks(): AsyncGenerator<string> {
    yield text;
    await ended;
  })();
  return { chunks, end: () => end() };
}

/** A transaction as one line of NDJSON. */
export const line = (externalId: string, changes: object = {}): string =>
  `${JSON.stringify({ source: "Bank", externalId, amount: "1.50", currency: "EUR", date: "2026-01-15", ...changes })}\n`;

/** Line and field of each fault. */
export const faultsOf = ({ body }: Answer): unknown[] =>
  body.errors.map((each: { line: number; field: string }) => [each.line, each.field]);
