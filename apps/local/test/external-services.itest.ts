import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createDocket } from "@docket/client";
import { createTestDatabase, type TestDatabase } from "@docket/testing";

import { startLocal, waitUntilPrinted } from "./support/local-process.ts";

// A first start takes seven seconds, and much longer while other test files keep both cores busy.
jest.setTimeout(300_000);

let home: string;
let database: TestDatabase;
let queue: TestDatabase;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "docket-external-"));
  [database, queue] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(async () => {
  await Promise.all([database.drop(), queue.drop()]);
  await rm(home, { recursive: true, force: true });
});

describe("npm start with DATABASE_URL and QUEUE_URL", () => {
  it("uses them and starts no embedded Postgres", async () => {
    const local = startLocal({
      DOCKET_HOME: home,
      DATABASE_URL: database.appUrl,
      MIGRATE_DATABASE_URL: database.ownerUrl,
      QUEUE_URL: queue.ownerUrl,
    });
    const printed = await waitUntilPrinted(local);
    const docket = createDocket({ baseUrl: printed.address, token: printed.token });
    const { counts } = await docket.contexts.get(printed.contextId);
    expect(counts.transactions).toBeGreaterThan(49_000);
    expect(await readdir(home)).not.toContain("postgres");

    local.process.kill("SIGTERM");
    expect(await local.exitCode).toBe(0);
  });
});
