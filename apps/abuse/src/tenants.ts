import { randomUUID } from "node:crypto";

import { createDocket, type TransactionRecord } from "@docket/client";
import { withTenant, type Database } from "@docket/platform/database";
import { signToken } from "@docket/stack";

import type { Target } from "./attacker/tenant.ts";
import type { Need } from "./attacks/index.ts";

/** A new tenant with a context, a source, an exception and an open dispute. */
export type TestTenant = Target & { readonly tenantId: string };

export type TenantOptions = {
  readonly address: string;
  readonly jwtSecret: string;
  readonly principals: number;
  readonly signal: AbortSignal;
};

export async function createTenant({
  address,
  jwtSecret,
  principals,
  signal,
}: TenantOptions): Promise<TestTenant> {
  const tenantId = randomUUID();
  const tokens = Array.from({ length: principals }, (_, number) =>
    signToken(jwtSecret, { tenant: tenantId, subject: `principal-${number}` }),
  );
  const client = createDocket({ baseUrl: address, token: tokens[0]!, signal });
  const { id: contextId } = await client.contexts.create({ name: "Abuse" });
  await client.sources.create(contextId, { name: "Bank", type: "BANK", side: "LEFT" });
  const exception = { source: "Bank", transaction: "0", severity: "LOW" };
  await client.records.push(contextId, "transactions", [transaction(0)]);
  await client.records.push(contextId, "exceptions", [exception]);
  const [found] = (await client.exceptions.list({ contextId }).page()).items;
  const exceptionId = found!.id;
  const dispute = { category: "OTHER", description: "Abuse" };
  const { id: disputeId } = await client.disputes.create(exceptionId, dispute);
  return { address, tokens, contextId, exceptionId, disputeId, tenantId };
}

const FIRST_DAY = Date.UTC(2026, 0, 1);

const transaction = (number: number): TransactionRecord => ({
  source: "Bank",
  externalId: String(number),
  amount: "1",
  currency: "EUR",
  date: new Date(FIRST_DAY + number * 60_000).toISOString(),
});

const TRANSACTIONS = 200_000;
const TRANSACTIONS_PER_LOAD = 20_000;

/** Makes what the attacks need, each once. */
export const PREPARATIONS = {
  transactions: async ({ address, tokens, contextId }, _database, signal) => {
    const client = createDocket({ baseUrl: address, token: tokens[0]!, signal });
    for (let first = 0; first < TRANSACTIONS; first += TRANSACTIONS_PER_LOAD) {
      const numbers = Array.from({ length: TRANSACTIONS_PER_LOAD }, (_, index) => first + index);
      await client.records.push(contextId, "transactions", numbers.map(transaction));
    }
  },
  // As SQL, because ten thousand requests take minutes.
  pages: ({ tenantId, contextId, exceptionId }, { pool }) =>
    withTenant(tenantId, async () => {
      await pool.query(INSERT_PAGES, [tenantId, contextId, exceptionId]);
    }),
} satisfies Record<
  Need,
  (tenant: TestTenant, database: Database, signal: AbortSignal) => Promise<void>
>;

/** 200 disputes with 50 pieces of evidence each, all as long as the API allows (docs/api.md §4). */
const INSERT_PAGES = `
  WITH written AS (
    INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by)
    SELECT $1::uuid, $2::uuid, $3::uuid, 'OTHER', 'OPEN', repeat('ŵ', 5000), 'abuse' FROM generate_series(1, 200)
    RETURNING tenant_id, id
  )
  INSERT INTO evidence (tenant_id, dispute_id, comment, submitted_by, file_url)
  SELECT tenant_id, id, repeat('ŵ', 1000), 'abuse', 'https://a.example/' || repeat('x', 2000)
  FROM written, generate_series(1, 50)`;
