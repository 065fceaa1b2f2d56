import { randomUUID } from "node:crypto";

import type { Client } from "@docket/client";

/** Opens `count` disputes, each without evidence; answers with their ids. */
export async function seedDisputes(client: Client, count: number): Promise<readonly string[]> {
  const context = await client.createContext(randomUUID());
  const source = { name: "Bank", type: "BANK", side: "LEFT" };
  await client.createSource(context.id, source);
  const line = {
    source: "Bank",
    externalId: "1",
    amount: "1",
    currency: "EUR",
    date: "2026-01-01",
  };
  await client.ingest(context.id, "transactions", [line]);
  const exception = { source: "Bank", transaction: "1", severity: "LOW" };
  await client.ingest(context.id, "exceptions", [exception]);
  const [contested] = await client.disputes.openExceptions(context.id);
  const disputes: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const contest = { category: "OTHER", description: "Bench" };
    disputes.push((await client.disputes.open(contested!.id, contest)).id);
  }
  return disputes;
}
