import { randomUUID } from "node:crypto";

import type { Docket } from "@docket/client";

/** Opens `count` disputes without evidence, all on one exception, and returns their ids. */
export async function seedDisputes(client: Docket, count: number): Promise<readonly string[]> {
  const context = await client.contexts.create({ name: randomUUID() });
  await client.sources.create(context.id, { name: "Bank", type: "BANK", side: "LEFT" });
  const transaction = { externalId: "1", amount: "1", currency: "EUR", date: "2026-01-01" };
  await client.records.push(context.id, "transactions", [{ source: "Bank", ...transaction }]);
  const exception = { source: "Bank", transaction: "1", severity: "LOW" };
  await client.records.push(context.id, "exceptions", [exception]);
  const [open] = (await client.exceptions.list({ contextId: context.id }).page()).items;
  const disputes: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const dispute = { category: "OTHER", description: "Bench" };
    disputes.push((await client.disputes.create(open!.id, dispute)).id);
  }
  return disputes;
}
