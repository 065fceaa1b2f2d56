import { randomUUID } from "node:crypto";
import { line } from "./records.ts";
import { validToken } from "./tokens.ts";
import type { Suite } from "./use-stage.ts";

/** The response to a request with an idempotency key. */
export type KeyedAnswer = {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
  readonly code: string | undefined;
};

type Options = {
  readonly method?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** To be called at the top of a test file: a new idempotency key for each test. */
export function useKey(suite: Suite) {
  let key: string;
  beforeEach(() => {
    key = randomUUID();
  });

  /** Sends `body` with the key. */
  const send = async (
    path: string,
    body: Buffer | string,
    { method = "POST", type = "application/x-ndjson", headers = {} }: Options = {},
  ): Promise<KeyedAnswer> => {
    const response = await fetch(`http://127.0.0.1:${suite.stage.port}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${validToken({ tenant_id: suite.tenant.tenantId })}`,
        "Idempotency-Key": key,
        ...(body.length > 0 && { "Content-Type": type }),
        ...headers,
      },
      ...(body.length > 0 && { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      replayed: response.headers.get("idempotency-replayed") === "true",
      code: text === "" ? undefined : (JSON.parse(text) as { code?: string }).code,
    };
  };
  return { key: () => key, send };
}

/** Transactions as NDJSON. */
export const transactionLines = (count: number): string =>
  Array.from({ length: count }, (_, n) => line(`T${n}`, { date: "2026-03-01" }))
    .join("")
    .trimEnd();
