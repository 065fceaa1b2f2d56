import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "@docket/platform/testing";
import pg from "pg";
import type { Bench } from "../support/disputes.ts";
import {
  aFile,
  balance,
  balanced,
  createEvidenceStage,
  MIB,
  rawUpload,
  upload,
  type EvidenceStage,
} from "../support/evidence.ts";

let stage: EvidenceStage;
let bench: Bench;

beforeAll(async () => {
  stage = await createEvidenceStage();
});

beforeEach(async () => {
  bench = await stage.bench();
});

afterAll(() => stage.close());

const statuses = (
  answers: readonly { readonly status: number }[],
): Readonly<Record<number, number>> =>
  answers.reduce<Record<number, number>>((all, { status }) => {
    all[status] = (all[status] ?? 0) + 1;
    return all;
  }, {});

describe("many uploads at once", () => {
  it.each([false, true])("never make more than 100 MiB (chunked: %s)", async (chunked) => {
    const id = await bench.aDispute();
    const file = aFile("text/csv", 10 * MIB);
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => upload(stage, bench, id, file, { chunked })),
    );
    expect(statuses(answers)).toEqual({ 201: 10, 409: 4 });
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "evidence_limit_reached",
      detail: expect.stringContaining("100 MiB"),
    });
    expect(await balance(stage.storage, bench)).toEqual(balanced(10));
    // And the next one is refused before it is read.
    const { body } = await upload(stage, bench, id, aFile("text/csv", 20)).expect(409);
    expect(body.code).toBe("evidence_limit_reached");
  });

  it("never make more than 50 pieces of evidence, URLs among them", async () => {
    const id = await bench.aDispute();
    const byUrl = { comment: "c", fileUrl: "https://a/b" };
    for (let n = 0; n < 40; n += 1)
      await bench.send("post", `/v1/disputes/${id}/evidence`, byUrl).expect(200);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        upload(stage, bench, id, aFile("text/csv", 2_000 + n), { chunked: n % 2 === 0 }),
      ),
    );
    expect(statuses(answers)).toEqual({ 201: 10, 409: 6 });
    const { body } = await bench.get(id);
    expect(body.evidence).toHaveLength(50);
    expect((await bench.history(id)).map(({ evidenceId }) => evidenceId).slice(1)).toEqual(
      body.evidence.map((each: { id: string }) => each.id),
    );
    expect(await balance(stage.storage, bench)).toEqual(balanced(10));
  });

  it("leave nothing behind when the dispute is closed under them", async () => {
    const id = await bench.aDispute();
    const { sent, answer } = rawUpload(stage, bench, id, { "Content-Length": "4000" });
    sent.write(aFile("text/csv", 2_000));
    await waitFor(async () => (await bench.notes()).length === 1);
    await bench
      .send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" })
      .expect(200);
    sent.end(Buffer.alloc(2_000, 0x62));
    expect((await answer)?.status).toBe(409);
    expect(await balance(stage.storage, bench)).toEqual(balanced(0));
  });
});

describe("a caller who", () => {
  const settled = () =>
    waitFor(async () => {
      const found = await balance(stage.storage, bench);
      return found.openNotes === 0 && found.objects === 0;
    });

  it.each([
    ["announces more than comes", { "Content-Length": String(5 * MIB) }, 2 * MIB],
    ["stops in the middle of the chunks", { "Transfer-Encoding": "chunked" }, 7 * MIB],
    ["stops before the file can be told", { "Content-Length": "5000" }, 100],
  ])("%s leaves nothing", async (_name, headers, bytes) => {
    const id = await bench.aDispute();
    const { sent, answer } = rawUpload(stage, bench, id, headers);
    sent.write(aFile("text/csv", bytes));
    if (bytes > 1_024) await waitFor(async () => (await bench.notes()).length === 1);
    else await sleep(100);
    sent.destroy();
    expect(await answer).toBeUndefined();
    await settled();
    expect(await balance(stage.storage, bench)).toEqual(balanced(0));
    expect((await bench.get(id)).body).toMatchObject({ version: 1, evidence: [] });
  });

  it("announces too much is refused before a byte is read", async () => {
    const id = await bench.aDispute();
    const { sent, answer } = rawUpload(stage, bench, id, {
      "Content-Length": String(10 * MIB + 1),
    });
    sent.flushHeaders();
    expect((await answer)?.status).toBe(413);
    sent.destroy();
  });

  it("waits for 100 Continue is served", async () => {
    const id = await bench.aDispute();
    const file = aFile("text/csv", 3_000);
    const { sent, answer } = rawUpload(stage, bench, id, {
      Expect: "100-continue",
      "Content-Length": "3000",
    });
    sent.on("continue", () => sent.end(file));
    sent.flushHeaders();
    expect((await answer)?.status).toBe(201);
    expect(await balance(stage.storage, bench)).toEqual(balanced(1));
  });
});

describe("a store that", () => {
  afterEach(() => stage.proxy.pass());

  it.each([false, true])("fails in the middle leaves nothing (chunked: %s)", async (chunked) => {
    const id = await bench.aDispute();
    const how = chunked
      ? { "Transfer-Encoding": "chunked" }
      : { "Content-Length": String(9 * MIB) };
    const { sent, answer } = rawUpload(stage, bench, id, how);
    const file = aFile("text/csv", 9 * MIB);
    sent.write(file.subarray(0, 6 * MIB));
    await waitFor(async () => (await bench.notes()).length === 1);
    await stage.proxy.refuse();
    sent.end(file.subarray(6 * MIB));
    const found = await answer;
    expect(found?.status ?? 503).toBe(503);
    expect((await bench.get(id)).body).toMatchObject({ version: 1, evidence: [] });
    const { rows, objectsWithoutRow, rowsWithoutObject } = await balance(stage.storage, bench);
    expect({ rows, objectsWithoutRow, rowsWithoutObject }).toEqual({
      rows: 0,
      objectsWithoutRow: 0,
      rowsWithoutObject: 0,
    });
    await stage.proxy.pass();
    await upload(stage, bench, id, file).expect(201);
  });

  it("is away gives 503 with Retry-After", async () => {
    const id = await bench.aDispute();
    await stage.proxy.refuse();
    const answer = await upload(stage, bench, id, aFile("text/csv", 2_000)).expect(503);
    expect(answer.body.code).toBe("dependency_unavailable");
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect((await bench.get(id)).body.version).toBe(1);
  });
});

describe("a database that", () => {
  it("fails after the file is stored leaves neither row nor object", async () => {
    const id = await bench.aDispute();
    const owner = new pg.Client({ connectionString: stage.api.test.ownerUrl });
    await owner.connect();
    try {
      await owner.query("ALTER TABLE dispute_events ADD CONSTRAINT broken CHECK (false) NOT VALID");
      const answer = await upload(stage, bench, id, aFile("text/csv", 2_000)).expect(500);
      expect(answer.body.detail).not.toMatch(/constraint|broken/);
    } finally {
      await owner.query("ALTER TABLE dispute_events DROP CONSTRAINT broken");
      await owner.end();
    }
    expect(await balance(stage.storage, bench)).toEqual(balanced(0));
    expect((await bench.get(id)).body).toMatchObject({ version: 1, evidence: [] });
    expect(await bench.history(id)).toHaveLength(1);
    await upload(stage, bench, id, aFile("text/csv", 2_000)).expect(201);
  });

  it("loses the connection at the commit leaves one truth", async () => {
    const id = await bench.aDispute();
    const connectionString = stage.api.test.superuserUrl;
    // Two: within a transaction pg_stat_activity always shows the same.
    const [locker, killer] = [
      new pg.Client({ connectionString }),
      new pg.Client({ connectionString }),
    ];
    await Promise.all([locker.connect(), killer.connect()]);
    try {
      // Nothing can be written into the audit trail, so that the transaction waits with everything else done.
      await locker.query("BEGIN");
      await locker.query("LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE");
      const sending = upload(stage, bench, id, aFile("text/csv", 2_000));
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
    expect(await balance(stage.storage, bench)).toEqual(balanced(0));
  });
});
