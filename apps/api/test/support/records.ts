import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Stage } from "./stage.ts";

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

/** Sends a body in chunks to an API that listens on `port`. */
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

/** A body that sends one line and ends when the test says so. */
export function openBody(text: string): { readonly chunks: Chunks; readonly end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const chunks = (async function* chunks(): AsyncGenerator<string> {
    yield text;
    await ended;
  })();
  return { chunks, end: () => end() };
}

/** The number of ingests that are receiving rows. */
export async function countIngests({ context }: Stage): Promise<number> {
  const { rowCount } = await context.database.pool.query(
    "SELECT FROM pg_stat_activity WHERE query LIKE 'COPY ingest_rows%' AND state = 'active' AND datname = current_database()",
  );
  return rowCount ?? 0;
}

/** A transaction as a line of NDJSON. */
export const line = (externalId: string, changes: object = {}): string =>
  `${JSON.stringify({ source: "Bank", externalId, amount: "1.50", currency: "EUR", date: "2026-01-15", ...changes })}\n`;

/** The line and the field of each fault. */
export const faultsOf = ({ body }: Answer): unknown[] =>
  body.errors.map((each: { line: number; field: string }) => [each.line, each.field]);
