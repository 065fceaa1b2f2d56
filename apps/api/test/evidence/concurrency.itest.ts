import { waitFor } from "@docket/testing";
import pg from "pg";
import { createSemaphore } from "../../src/http/semaphore.ts";
import { tooMany } from "../../src/http/translate-error.ts";
import { aFile, balance, balanced, MIB, rawUpload, upload } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const statuses = (
  answers: readonly { readonly status: number }[],
): Readonly<Record<number, number>> =>
  answers.reduce<Record<number, number>>((all, { status }) => {
    all[status] = (all[status] ?? 0) + 1;
    return all;
  }, {});

/** Uploads again, as the response asks for, while a slow machine has had no place for the file for 10 s. */
async function uploadWhenThereIsRoom(...request: Parameters<typeof upload>) {
  for (;;) {
    const answer = await upload(...request);
    if (answer.status !== 503) return answer;
  }
}

/** The statements that wait for a lock. */
async function countBlocked(): Promise<number> {
  const { rows } = await suite.stage.context.database.pool.query<{ count: number }>(
    "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0]!.count;
}

/** Resolves with what gives the locks back. */
async function lockDisputes(ids: readonly string[]): Promise<() => Promise<void>> {
  const locker = new pg.Client({ connectionString: suite.stage.testDatabase.superuserUrl });
  await locker.connect();
  await locker.query("BEGIN");
  await locker.query("SELECT FROM disputes WHERE id = ANY($1) FOR UPDATE", [ids]);
  return () => locker.end();
}

describe("simultaneous uploads", () => {
  it.each([false, true])("add at most 100 MiB of files (chunked: %s)", async (chunked) => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 10 * MIB);
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => uploadWhenThereIsRoom(suite.tenant, id, file, { chunked })),
    );
    expect(statuses(answers)).toEqual({ 201: 10, 409: 4 });
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "evidence_limit_reached",
      detail: expect.stringContaining("100 MiB"),
    });
    expect(await balance(suite.tenant)).toEqual(balanced(10));
    // The next one is refused before its body is read.
    const { body } = await upload(suite.tenant, id, aFile("text/csv", 20)).expect(409);
    expect(body.code).toBe("evidence_limit_reached");
  });

  it("add at most 50 evidence items, including URLs", async () => {
    const id = await suite.tenant.aDispute();
    const byUrl = { comment: "c", fileUrl: "https://a/b" };
    for (let n = 0; n < 40; n += 1)
      await suite.tenant.send("post", `/v1/disputes/${id}/evidence`, byUrl).expect(200);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        upload(suite.tenant, id, aFile("text/csv", 2_000 + n), {
          chunked: n % 2 === 0,
        }),
      ),
    );
    expect(statuses(answers)).toEqual({ 201: 10, 409: 6 });
    const { body } = await suite.tenant.getDispute(id);
    expect(body.evidence).toHaveLength(50);
    expect((await suite.tenant.history(id)).map(({ evidenceId }) => evidenceId).slice(1)).toEqual(
      body.evidence.map((each: { id: string }) => each.id),
    );
    expect(await balance(suite.tenant)).toEqual(balanced(10));
  });

  it("wait for the dispute with one database connection, and all succeed", async () => {
    const id = await suite.tenant.aDispute();
    const unlock = await lockDisputes([id]);
    const uploads = Array.from({ length: 14 }, (_, n) =>
      upload(suite.tenant, id, aFile("text/csv", 2_000 + n)),
    );
    await waitFor(async () => (await balance(suite.tenant)).objects === 14);
    await waitFor(async () => (await countBlocked()) > 0);
    expect(await countBlocked()).toBe(1);
    await unlock();
    expect(statuses(await Promise.all(uploads))).toEqual({ 201: 14 });
    expect(await balance(suite.tenant)).toEqual(balanced(14));
  });

  it("leave connections to the tenant's other requests", async () => {
    const disputes: string[] = [];
    for (let n = 0; n < 8; n += 1) disputes.push(await suite.tenant.aDispute());
    const unlock = await lockDisputes(disputes);
    const uploads = disputes.map((id) => upload(suite.tenant, id, aFile("text/csv", 2_000)));
    await waitFor(async () => (await countBlocked()) === 2);
    const { status } = await suite.tenant.getDispute(disputes[0]!);
    expect([status, await countBlocked()]).toEqual([200, 2]);
    await unlock();
    expect(statuses(await Promise.all(uploads))).toEqual({ 201: 8 });
  });

  it("leave no object and no row if too many wait for the dispute", async () => {
    const id = await suite.tenant.aDispute();
    const { semaphores } = suite.stage.context;
    const { uploadCommits } = semaphores;
    const full = createSemaphore({
      permits: 0,
      maxWaiting: 0,
      maxWaitingPerKey: 0,
      maxWaitMs: 1,
      refusal: () => tooMany("uploads"),
    });
    Object.assign(semaphores, { uploadCommits: full });
    try {
      await upload(suite.tenant, id, aFile("text/csv", 2_000)).expect(503);
    } finally {
      Object.assign(semaphores, { uploadCommits });
    }
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });

  it("leave no object and no row if the dispute is closed in the meantime", async () => {
    const id = await suite.tenant.aDispute();
    const { sent, answer } = rawUpload(suite.tenant, id, { "Content-Length": "4000" });
    sent.write(aFile("text/csv", 2_000));
    await waitFor(async () => (await suite.tenant.storedObjects()).length === 1);
    await suite.tenant
      .send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" })
      .expect(200);
    sent.end(Buffer.alloc(2_000, 0x62));
    expect((await answer)?.status).toBe(409);
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });
});
