import { randomUUID } from "node:crypto";
import { withTenant, type Database } from "@docket/platform/database";

export type ContextIds = { readonly tenantId: string; readonly contextId: string };

export type ContextOptions = {
  /** Defaults to a new tenant. */
  readonly tenantId?: string;
  readonly name?: string;
  /** The sources to add. The first one is the left side. */
  readonly sources?: readonly string[];
  /** The number of transactions to add to the first source, a minute apart from 2026-03-01: T1 over 1 EUR, T2 over 2 EUR, … */
  readonly transactions?: number;
};

/** Adds a context with its sources and transactions, all of them unmatched. */
export function addContext(
  { prisma }: Database,
  {
    tenantId = randomUUID(),
    name = "Bank against ledger",
    sources = ["Bank", "Ledger"],
    transactions = 0,
  }: ContextOptions = {},
): Promise<ContextIds> {
  return withTenant(tenantId, async () => {
    const { id: contextId } = await prisma.context.create({ data: { tenantId, name } });
    for (const [index, source] of sources.entries()) {
      const side = index === 0 ? "LEFT" : "RIGHT";
      await prisma.source.create({
        data: { tenantId, contextId, name: source, type: "BANK", side },
      });
    }
    if (transactions > 0) {
      await prisma.$executeRaw`
        INSERT INTO transactions (tenant_id, context_id, source_id, external_id, amount, currency, date)
        SELECT tenant_id, context_id, id, 'T' || n, n, 'EUR', '2026-03-01Z'::timestamptz + n * interval '1 minute'
        FROM sources, generate_series(1, ${transactions}) n
        WHERE context_id = ${contextId}::uuid AND name = ${sources[0]}`;
    }
    return { tenantId, contextId };
  });
}
