import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createTestDatabase, embeddedStorage } from "@docket/testing";

import { runChaos } from "../src/run.ts";
import { summaryLines } from "../src/summary.ts";
import { storeVariables } from "./support/store.ts";

jest.setTimeout(300_000);

test("killing workers loses no job, consumes no attempt and leaves no orphan", async () => {
  const home = await mkdtemp(join(tmpdir(), "docket-chaos-test-"));
  const [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const { storage, config } = await embeddedStorage().create();
  try {
    const result = await runChaos({
      home,
      environment: {
        DATABASE_URL: database.appUrl,
        QUEUE_URL: queue.ownerUrl,
        ...storeVariables(config),
      },
      kills: 5,
      jobs: 4,
      workers: 2,
      seed: 20_261_123,
      print: () => undefined,
      signal: new AbortController().signal,
    });
    expect(result.faults).toEqual([]);
    expect(result.kills).toBe(5);
    expect(result.jobs.map(({ status }) => status)).toEqual(Array(4).fill("SUCCEEDED"));
    expect(summaryLines(result)).toContain("All checks passed.");
  } finally {
    await storage.close();
    await Promise.all([database.drop(), queue.drop()]);
    await rm(home, { recursive: true, force: true });
  }
});
