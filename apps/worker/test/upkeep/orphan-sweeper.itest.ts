import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { commitObject } from "@docket/platform/rows";
import type { Storage } from "@docket/platform/storage";
import { runExport } from "../../src/exports/run-export.ts";
import { orphanSweeper } from "../../src/upkeep/orphan-sweeper.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const sweep = (storage: Storage = stage.storage) =>
  orphanSweeper({ ...stage.tools, database: stage.database, storage }).run(
    new AbortController().signal,
  );

const store = (key: string) =>
  stage.storage.put({
    key,
    body: Readable.from([Buffer.from("half")]),
    contentLength: 4,
    contentType: "text/csv",
  });

/** Stores an object and its row, as a killed process leaves them. */
const leave = async (
  key: string,
  row: { readonly owner: string; readonly ageSeconds: number; readonly committedAt?: Date },
): Promise<string> => {
  const { ageSeconds, ...columns } = row;
  const createdAt = new Date(Date.now() - ageSeconds * 1_000);
  const data = { key, tenantId: stage.tenantId, createdAt, ...columns };
  await stage.inTenant(async () => stage.database.prisma.storedObject.create({ data }));
  await store(key);
  return key;
};

/** The object storage, which does not delete the keys that match. */
const refusing = (pattern: RegExp): Storage => ({
  ...stage.storage,
  delete: async (key) => {
    if (pattern.test(key)) throw new Error("refused");
    await stage.storage.delete(key);
  },
});

describe("the orphan sweeper", () => {
  it("deletes an object behind 500 older ones that cannot be deleted", async () => {
    await stage.owner.query(
      `INSERT INTO stored_objects (key, tenant_id, owner, created_at)
       SELECT $1 || '/stuck-' || n, $1::uuid, 'orphan:' || gen_random_uuid(), now() - interval '1 hour' FROM generate_series(1, 500) n`,
      [stage.tenantId],
    );
    await leave(`${stage.tenantId}/behind`, { owner: `orphan:${randomUUID()}`, ageSeconds: 60 });
    const storage = refusing(/stuck-/);
    expect(await sweep(storage)).toBeUndefined();
    expect(await sweep(storage)).toEqual({ swept: 1 });
    expect(await stage.keys()).toEqual([]);
  });
});

describe("the orphan sweeper, for exports", () => {
  const leaveExport = (jobId: string, claim: number): Promise<string> =>
    leave(`${stage.tenantId}/exports/${stage.contextId}/${jobId}/${claim}-UNMATCHED.csv`, {
      owner: `export_job:${jobId}`,
      ageSeconds: 60,
    });

  it("deletes what earlier claims left, and nothing else", async () => {
    const finished = await stage.createExport();
    await runExport(finished, stage.tools);
    const file = (await stage.job(finished)).objectKey!;
    await leaveExport(finished.jobId, 7);
    const running = await stage.createExport({
      status: "RUNNING",
      claim: 2,
      leaseUntil: new Date(Date.now() + 20_000),
    });
    await leaveExport(running.jobId, 1);
    const current = await leaveExport(running.jobId, 2);

    expect(await sweep()).toEqual({ swept: 2 });
    expect((await stage.keys()).toSorted()).toEqual([file, current].toSorted());
    expect(await sweep()).toBeUndefined();
  });

  it("repeats the deletion for 15 minutes, because the object may be stored late", async () => {
    const { jobId } = await stage.createExport({ claim: 1 });
    const key = await leaveExport(jobId, 1);
    expect(await sweep()).toEqual({ swept: 1 });
    for (const [minutes, rows] of [
      [1, 1],
      [16, 0],
    ] as const) {
      await store(key);
      // Not again within 30 s.
      expect(await sweep()).toBeUndefined();
      expect(await stage.keys()).toEqual([key]);
      await stage.owner.query(
        "UPDATE stored_objects SET lost_at = now() - make_interval(mins => $1), swept_at = now() - interval '31 s'",
        [minutes],
      );
      expect(await sweep()).toBeUndefined();
      expect(await stage.keys()).toEqual([]);
      expect(await stage.storedObjects()).toHaveLength(rows);
    }
  });

  it("finds a new orphan behind many whose deletion is repeated", async () => {
    const { jobId } = await stage.createExport({ claim: 1 });
    await stage.owner.query(
      `INSERT INTO stored_objects (key, tenant_id, owner, created_at, lost_at, swept_at)
       SELECT $1 || '/exports/c/' || $2 || '/0-OLD' || n || '.csv', $1::uuid, 'export_job:' || $2, now() - interval '1 h', now(), now()
       FROM generate_series(1, 500) n`,
      [stage.tenantId, jobId],
    );
    await leaveExport(jobId, 1);
    expect(await sweep()).toEqual({ swept: 1 });
    expect(await stage.keys()).toEqual([]);
  });
});

describe("the orphan sweeper, for evidence", () => {
  const leaveEvidence = (owner: string, ageMinutes: number, committedAt?: Date): Promise<string> =>
    leave(`${stage.tenantId}/disputes/d/${randomUUID()}.csv`, {
      owner,
      ageSeconds: ageMinutes * 60,
      ...(committedAt !== undefined && { committedAt }),
    });

  it("deletes abandoned and orphaned objects, and leaves those that are or may be committed", async () => {
    await leaveEvidence("evidence:abandoned", 16);
    await leaveEvidence("orphan:given-up", 1);
    const kept = [
      await leaveEvidence("evidence:in-progress", 14),
      await leaveEvidence("evidence:committed", 60, new Date()),
      await leaveEvidence("unknown:kind", 60),
    ].toSorted();
    expect(await sweep()).toEqual({ swept: 2 });
    expect((await stage.keys()).toSorted()).toEqual(kept);
    expect(await sweep()).toBeUndefined();
  });

  it("prevents a later commit before it deletes the object", async () => {
    const key = await leaveEvidence("evidence:one", 16);
    await sweep({ ...stage.storage, delete: () => Promise.reject(new Error("store unavailable")) });
    const object = { key, owner: { kind: "evidence", id: "one" } } as const;
    await expect(stage.inTenant(() => commitObject(stage.database.prisma, object))).rejects.toThrow(
      /given up/,
    );
    expect(await sweep()).toEqual({ swept: 1 });
    expect(await stage.keys()).toEqual([]);
  });
});
