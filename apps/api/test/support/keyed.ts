import { randomUUID } from "node:crypto";
import type { Bench } from "./disputes.ts";
import { createEvidenceStage, type EvidenceStage } from "./evidence.ts";
import { line } from "./records.ts";
import { validToken } from "./tokens.ts";

/** What a keyed request is answered with. */
export type KeyedAnswer = {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
  readonly code: string | undefined;
};

/** To be called once, at the top of a test file: an API that listens, and for each test a tenant and an idempotency key of its own. */
export function createKeyedStage() {
  let stage: EvidenceStage;
  let bench: Bench;
  let key: string;

  beforeAll(async () => {
    stage = await createEvidenceStage();
  });

  beforeEach(async () => {
    bench = await stage.bench();
    key = randomUUID();
  });

  afterAll(() => stage.close());

  return {
    stage: () => stage,
    bench: () => bench,
    key: () => key,
    /** Sends `body` with the key; not by supertest, which would make it wait for nothing. */
    post: async (
      path: string,
      body: Buffer | string,
      type = "application/x-ndjson",
      headers: Readonly<Record<string, string>> = {},
    ): Promise<KeyedAnswer> => {
      const answer = await fetch(`http://127.0.0.1:${stage.port}${path}`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${validToken({ tenant_id: bench.tenantId })}`,
          "Idempotency-Key": key,
          ...(body.length > 0 && { "Content-Type": type }),
          ...headers,
        },
        ...(body.length > 0 && { body }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        text,
        replayed: answer.headers.get("idempotency-replayed") === "true",
        code: (JSON.parse(text) as { code?: string }).code,
      };
    },
    recordsPath: () => `/v1/contexts/${bench.contextId}/records/transactions`,
    transactions: (): Promise<number> =>
      bench.inTenant(async () => stage.api.context.database.prisma.transaction.count()),
    /** The keys that are held or answered. */
    keys: () =>
      bench.inTenant(async () => stage.api.context.database.prisma.idempotencyKey.findMany()),
  };
}

/** Transactions as NDJSON. */
export const transactionLines = (count: number): string =>
  Array.from({ length: count }, (_, n) => line(`T${n}`, { date: "2026-03-01" }))
    .join("")
    .trimEnd();
