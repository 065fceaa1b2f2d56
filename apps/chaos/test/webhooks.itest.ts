import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createTestDatabase, embeddedStorage } from "@docket/testing";

import { runWebhookChaos } from "../src/webhooks/run.ts";
import { webhookSummaryLines } from "../src/webhooks/summary.ts";
import { storeVariables } from "./support/store.ts";

jest.setTimeout(300_000);

test("killing workers loses no webhook, and keeps first attempts in order", async () => {
  const home = await mkdtemp(join(tmpdir(), "docket-chaos-test-"));
  const [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  try {
    const result = await runWebhookChaos({
      home,
      environment: {
        DATABASE_URL: database.appUrl,
        QUEUE_URL: queue.ownerUrl,
        ...storeVariables(config),
      },
      kills: 2,
      events: 120,
      workers: 2,
      seed: 20_261_127,
      outageMs: 3_000,
      print: () => undefined,
      signal: new AbortController().signal,
    });
    // Whether a kill hits an attempt depends on the machine.
    expect(result.faults.filter((fault) => fault !== "no kill broke off an attempt")).toEqual([]);
    expect(result.verdicts.map(({ events }) => events)).toEqual([120, 120, 120]);
    expect(webhookSummaryLines(result).join("\n")).toContain("120, delivered to 3 receivers");
  } finally {
    await storage.close();
    await Promise.all([database.drop(), queue.drop()]);
    await rm(home, { recursive: true, force: true });
  }
});
