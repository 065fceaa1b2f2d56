import { ApiError, type Client, type Named } from "@docket/client";
import { generateDemoData } from "./generate.ts";
import { BANK, DEMO_CONTEXT, LEDGER } from "./vocabulary.ts";

/** The tenant that every stack comes with. */
export const DEMO_TENANT = "01980000-d0c7-7000-8000-000000000001";

/** Who does things in the demo tenant. */
export const DEMO_SUBJECT = "demo";

/**
 * Makes sure that the demo tenant's reconciliation is there, through the API as any client would.
 *
 * Safe to repeat: the last kind of record comes only when the others are there, each of them all or nothing,
 * so that its presence says that nothing is missing. What somebody changed since is left alone.
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

  const began = performance.now();
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
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  log(`demo tenant loaded: ${data.transactions.length} transactions in ${seconds} s`);
  return context;
}

async function findOrCreate(
  find: () => Promise<Named | undefined>,
  create: () => Promise<Named>,
): Promise<Named> {
  const found = await find();
  if (found !== undefined) return found;
  try {
    return await create();
  } catch (error) {
    // Somebody else was first.
    const made = error instanceof ApiError && error.status === 409 ? await find() : undefined;
    if (made === undefined) throw error;
    return made;
  }
}
