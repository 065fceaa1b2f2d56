import { isDocketError, type Context, type Docket } from "@docket/client";

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
  client: Docket,
  today: string,
  log: (line: string) => void,
): Promise<Context> {
  const context = await findOrCreate(
    () => client.contexts.find(DEMO_CONTEXT),
    () => client.contexts.create({ name: DEMO_CONTEXT }),
  );
  const { counts } = await client.contexts.get(context.id);
  if (counts.exceptions > 0) return context;

  const startedAt = performance.now();
  for (const source of [BANK, LEDGER]) {
    await findOrCreate(
      () => client.sources.find(context.id, source.name),
      () => client.sources.create(context.id, source),
    );
  }
  log("Generating the records of the demo tenant …");
  const data = generateDemoData(today);
  const loading = (name: string, records: readonly unknown[]): void =>
    log(`Loading ${records.length.toLocaleString("en")} ${name} …`);
  const { push } = client.records;
  loading("transactions", data.transactions);
  await push(context.id, "transactions", data.transactions);
  loading("match groups", data.matchGroups);
  await push(context.id, "match-groups", data.matchGroups);
  loading("fee variances", data.feeVariances);
  await push(context.id, "fee-variances", data.feeVariances);
  loading("exceptions", data.exceptions);
  await push(context.id, "exceptions", data.exceptions);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  log(`The demo tenant is loaded after ${seconds} s.`);
  return context;
}

async function findOrCreate<T>(
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
): Promise<T> {
  const existing = await find();
  if (existing !== undefined) return existing;
  try {
    return await create();
  } catch (error) {
    // Another process may have created it since.
    const created = isDocketError(error, "name_taken") ? await find() : undefined;
    if (created === undefined) throw error;
    return created;
  }
}
