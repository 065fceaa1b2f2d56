import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createTestDatabase, type TestDatabase } from "@docket/testing";

import { createClient } from "@docket/client";
import { ready, startMain } from "./support/started-stack.ts";

// A first start takes seven seconds, and much longer beside three other workers of jest on two cores.
jest.setTimeout(150_000);

let home: string;
let database: TestDatabase;
let queue: TestDatabase;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "docket-given-"));
  [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(async () => {
  await Promise.all([database.drop(), queue.drop()]);
  await rm(home, { recursive: true, force: true });
});

test("a database and a queue that are given are used in place of the embedded Postgres", async () => {
  const stack = startMain({
    DOCKET_HOME: home,
    DATABASE_URL: database.appUrl,
    MIGRATE_DATABASE_URL: database.ownerUrl,
    QUEUE_URL: queue.ownerUrl,
  });
  const shown = await ready(stack);
  const counts = await createClient(shown).contextCounts(shown.context);
  expect(counts.transactions).toBeGreaterThan(49_000);
  expect(await readdir(home)).not.toContain("postgres");

  stack.process.kill("SIGTERM");
  expect(await stack.ended).toBe(0);
});
