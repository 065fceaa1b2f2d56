import { ApiError, type Client, type Named } from "@docket/client";

import { generateDemoData } from "./generate.ts";
import { BANK, DEMO_CONTEXT, LEDGER } from "./vocabulary.ts";

/** The tenant that exists in every stack. */
export const DEMO_TENANT = "01980000-d0c7-7000-8000-000000000001";

/** The principal that creates the demo tenant's data. */
export const DEMO_SUBJECT = "demo";

/**
 * Ensures through the API that the demo tenant has its context, sources and records.
 *
 * Can be repeated: each kind of record is loaded completely or not at all, and exceptions come last, so their presence
 * proves that nothing is missing. Later changes to the data are kept.
 */
export async function ensureDemoTenant(
  client: Client,
  today: string,
  log: (line: string) => void,
): Promise<Named> {
  const context = await findOrCreate(
    () => client.findContext(DEMO_CONTEXT),
    () => client.createContext(DEMO_CONTEXT),
  );
  const counts = await client.contextCounts(context.id);
  if (counts.exceptions > 0) return context;

  const startedAt = performance.now();
  for (const source of [BANK, LEDGER]) {
    await findOrCreate(
      () => client.findSource(context.id, source.name),
      () => client.createSource(context.id, source),
    );
  }
  const data = generateDemoData(today);
  await client.ingest(context.id, "transactions", data.transactions);
  await client.ingest(context.id, "match-groups", data.matchGroups);
  await client.ingest(context.id, "fee-variances", data.feeVariances);
  await client.ingest(context.id, "exceptions", data.exceptions);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  log(`demo tenant loaded: ${data.transactions.length} transactions in ${seconds} s`);
  return context;
}

async function findOrCreate(
  find: () => Promise<Named | undefined>,
  create: () => Promise<Named>,
): Promise<Named> {
  const existing = await find();
  if (existing !== undefined) return existing;
  try {
    return await create();
  } catch (error) {
    // Another process may have created it since.
    const created = error instanceof ApiError && error.status === 409 ? await find() : undefined;
    if (created === undefined) throw error;
    return created;
  }
}
