import type { Docket } from "@docket/client";

/** A context with a source, and transactions of today without a counterpart. */
export async function seedContext(
  docket: Docket,
  { name, transactions }: { readonly name: string; readonly transactions: number },
): Promise<string> {
  const { id } = await docket.contexts.create({ name });
  await docket.sources.create(id, { name: "Bank", type: "BANK", side: "LEFT" });
  const date = new Date().toISOString().slice(0, 10);
  const records = Array.from({ length: transactions }, (_, index) => ({
    source: "Bank",
    externalId: `B-${index + 1}`,
    amount: `${index + 1}.50`,
    currency: "EUR",
    date,
    description: `Payment ${index + 1}`,
  }));
  await docket.records.push(id, "transactions", records);
  return id;
}

/** Exceptions of the first transactions of the context, and the ID of the first. */
export async function seedExceptions(
  docket: Docket,
  contextId: string,
  reasons: readonly string[],
): Promise<string> {
  const records = reasons.map((reason, index) => ({
    source: "Bank",
    transaction: `B-${index + 1}`,
    severity: "HIGH",
    status: "OPEN",
    reason,
  }));
  await docket.records.push(contextId, "exceptions", records);
  const query = { contextId, sort: "amount" } as const;
  return (await docket.exceptions.list(query).page()).items[0]!.id;
}
