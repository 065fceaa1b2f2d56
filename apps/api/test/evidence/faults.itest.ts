import { setTimeout as sleep } from "node:timers/promises";
import { waitFor, withBrokenTable } from "@docket/testing";
import pg from "pg";
import { aFile, balance, balanced, MIB, rawUpload, upload } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("a client that", () => {
  const settled = () =>
    waitFor(async () => {
      const found = await balance(suite.tenant);
      return found.uncommitted === 0 && found.objects === 0;
    });

  it.each([
    ["sends less than it announced", { "Content-Length": String(5 * MIB) }, 2 * MIB],
    ["stops between two chunks", { "Transfer-Encoding": "chunked" }, 7 * MIB],
    ["stops before the type can be checked", { "Content-Length": "5000" }, 100],
  ])("%s leaves no object and no row", async (_name, headers, bytes) => {
    const id = await suite.tenant.aDispute();
    const { sent, answer } = rawUpload(suite.tenant, id, headers);
    sent.write(aFile("text/csv", bytes));
    if (bytes > 1_024) await waitFor(async () => (await suite.tenant.storedObjects()).length === 1);
    else await sleep(100);
    sent.destroy();
    expect(await answer).toBeUndefined();
    await settled();
    expect(await balance(suite.tenant)).toEqual(balanced(0));
    expect((await suite.tenant.getDispute(id)).body).toMatchObject({ version: 1, evidence: [] });
  });

  it("announces too many bytes is refused before a byte is read", async () => {
    const id = await suite.tenant.aDispute();
    const { sent, answer } = rawUpload(suite.tenant, id, {
      "Content-Length": String(10 * MIB + 1),
    });
    sent.flushHeaders();
    expect((await answer)?.status).toBe(413);
    sent.destroy();
  });

  it.each<[string, number, Readonly<Record<string, string>>]>([
    ["announces too many bytes", 413, { "Content-Length": String(10 * MIB + 1) }],
    [
      "announces an unsupported type",
      415,
      { "Content-Length": "3000", "Content-Type": "text/html" },
    ],
    ["sends no token", 401, { "Content-Length": "3000", Authorization: "" }],
  ])(
    "waits for 100 Continue and %s is refused before it sends the file",
    async (_name, status, headers) => {
      const id = await suite.tenant.aDispute();
      const { sent, answer } = rawUpload(suite.tenant, id, {
        Expect: "100-continue",
        ...headers,
      });
      let continued = false;
      sent.on("continue", () => (continued = true));
      sent.flushHeaders();
      const found = await answer;
      expect(found).toMatchObject({ status, headers: { connection: "close" } });
      expect(continued).toBe(false);
    },
  );

  it("waits for 100 Continue receives it and is served", async () => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 3_000);
    const { sent, answer } = rawUpload(suite.tenant, id, {
      Expect: "100-continue",
      "Content-Length": "3000",
    });
    sent.on("continue", () => sent.end(file));
    sent.flushHeaders();
    expect((await answer)?.status).toBe(201);
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });
});

describe("an object store that", () => {
  afterEach(() => suite.stage.storageProxy.pass());

  it.each([false, true])(
    "fails during an upload leaves no object and no row (chunked: %s)",
    async (chunked) => {
      const id = await suite.tenant.aDispute();
      const how = chunked
        ? { "Transfer-Encoding": "chunked" }
        : { "Content-Length": String(9 * MIB) };
      const { sent, answer } = rawUpload(suite.tenant, id, how);
      const file = aFile("text/csv", 9 * MIB);
      sent.write(file.subarray(0, 6 * MIB));
      await waitFor(async () => (await suite.tenant.storedObjects()).length === 1);
      await suite.stage.storageProxy.refuse();
      sent.end(file.subarray(6 * MIB));
      const found = await answer;
      expect(found?.status ?? 503).toBe(503);
      expect((await suite.tenant.getDispute(id)).body).toMatchObject({ version: 1, evidence: [] });
      const { rows, objectsWithoutRow, rowsWithoutObject } = await balance(suite.tenant);
      expect({ rows, objectsWithoutRow, rowsWithoutObject }).toEqual({
        rows: 0,
        objectsWithoutRow: 0,
        rowsWithoutObject: 0,
      });
      await suite.stage.storageProxy.pass();
      await upload(suite.tenant, id, file).expect(201);
    },
  );

  it("is unreachable causes a 503 with Retry-After", async () => {
    const id = await suite.tenant.aDispute();
    await suite.stage.storageProxy.refuse();
    const answer = await upload(suite.tenant, id, aFile("text/csv", 2_000)).expect(503);
    expect(answer.body.code).toBe("dependency_unavailable");
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect((await suite.tenant.getDispute(id)).body.version).toBe(1);
  });
});

describe("a database that", () => {
  it("fails after the file is stored leaves no object and no row", async () => {
    const id = await suite.tenant.aDispute();
    const answer = await withBrokenTable(suite.stage.testDatabase, "dispute_events", () =>
      upload(suite.tenant, id, aFile("text/csv", 2_000)),
    );
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/constraint|broken/);
    expect(await balance(suite.tenant)).toEqual(balanced(0));
    expect((await suite.tenant.getDispute(id)).body).toMatchObject({ version: 1, evidence: [] });
    expect(await suite.tenant.history(id)).toHaveLength(1);
    await upload(suite.tenant, id, aFile("text/csv", 2_000)).expect(201);
  });

  it("loses the connection before the commit leaves no object and no row", async () => {
    const id = await suite.tenant.aDispute();
    const connectionString = suite.stage.testDatabase.superuserUrl;
    // Two clients, because pg_stat_activity does not change within a transaction.
    const [locker, killer] = [
      new pg.Client({ connectionString }),
      new pg.Client({ connectionString }),
    ];
    await Promise.all([locker.connect(), killer.connect()]);
    try {
      // The upload's transaction waits for this lock when it has done everything else.
      await locker.query("BEGIN");
      await locker.query("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE");
      const sending = upload(suite.tenant, id, aFile("text/csv", 2_000));
      await waitFor(async () => {
        const { rows } = await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%audit_events%'`,
        );
        return rows.length > 0;
      });
      await locker.query("ROLLBACK");
      expect((await sending).status).toBe(503);
    } finally {
      await Promise.all([locker.end(), killer.end()]);
    }
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });
});
