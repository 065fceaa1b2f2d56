import { withTenant } from "@docket/platform/database";
import { findDueReminders, sendReminders } from "@docket/platform/rows";
import pg from "pg";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();
const patch = (id: string, body: object) => suite.tenant.send("patch", `/v1/disputes/${id}`, body);
const post = (id: string, action: string, body?: object) =>
  suite.tenant.send("post", `/v1/disputes/${id}/${action}`, body).expect(200);

/** A dispute whose `respondBy` is in `hours`. */
const disputeIn = async (hours: number, body: object = {}): Promise<string> =>
  (await suite.tenant.createDispute({ respondBy: inHours(hours), ...body })).id;

/** What several workers do at the same time, one after the other for each of `rounds`. */
async function runUpkeep(rounds = 3): Promise<void> {
  const { pool, transaction } = suite.stage.context.database;
  const work = async (): Promise<void> => {
    for (const { tenantId, ids } of await findDueReminders(pool, 100))
      await withTenant(tenantId, () => transaction((tx) => sendReminders(tx, ids)));
  };
  for (let round = 0; round < rounds; round += 1) await Promise.all([work(), work(), work()]);
}

/** Lets time pass for a dispute. */
async function pass(id: string, hours: number): Promise<void> {
  const owner = new pg.Client({ connectionString: suite.stage.testDatabase.ownerUrl });
  await owner.connect();
  await owner.query(
    `UPDATE disputes SET respond_by = respond_by - make_interval(hours => $2), remind_at = remind_at - make_interval(hours => $2)
     WHERE id = $1`,
    [id, hours],
  );
  await owner.end();
}

/** The reminders in the audit trail: the hours left, 0 when overdue. */
const reminders = async (): Promise<unknown[]> =>
  (await suite.tenant.audit())
    .filter(({ actor }) => actor === "docket")
    .map(({ action, data }) =>
      action === "dispute.overdue" ? 0 : (data as { hoursLeft: number }).hoursLeft,
    );

describe("the reminders of a dispute", () => {
  it("are sent once each, at 72 and 24 hours and when the deadline has passed", async () => {
    const id = await disputeIn(100);
    const steps: [hours: number, sent: number[]][] = [
      [0, []],
      [27, []],
      [2, [72]],
      [48, [72, 24]],
      [24, [72, 24, 0]],
      [500, [72, 24, 0]],
    ];
    for (const [hours, sent] of steps) {
      // `respond_by` moves in this test, and is another value each time: sent ones are kept for the value of now.
      await pass(id, hours);
      await runUpkeep();
      expect(await reminders()).toEqual(sent);
    }
    const { body } = await suite.tenant.getDispute(id);
    expect(body).toMatchObject({ version: 1, overdue: true });
    const subject = `/v1/disputes/${id}`;
    expect((await suite.tenant.audit()).at(-1)).toMatchObject({ subject, requestId: null });
  });

  it.each([
    [71, [24, 0]],
    [23, [0]],
    [-5, [0]],
  ])("skip those whose time has passed when %i hours are left", async (hours, sent) => {
    const id = await disputeIn(hours);
    await pass(id, 100);
    await runUpkeep();
    expect(await reminders()).toEqual(sent);
  });

  it("are sent only while the dispute waits for a response", async () => {
    const draft = await disputeIn(-1, { draft: true });
    const won = await disputeIn(100);
    await post(won, "close", { won: true, resolution: "r" });
    await pass(won, 200);
    await runUpkeep();
    expect(await reminders()).toEqual([]);
    await post(draft, "open");
    await runUpkeep();
    expect(await reminders()).toEqual([0]);
  });

  it("skip again those whose time has passed when a draft is opened, or a dispute reopened", async () => {
    const draft = await disputeIn(100, { draft: true });
    await pass(draft, 50);
    await post(draft, "open");
    const lost = await disputeIn(100);
    await post(lost, "close", { won: false, resolution: "r" });
    await pass(lost, 50);
    await post(lost, "reopen", { reason: "r" });
    await runUpkeep();
    expect(await reminders()).toEqual([]);
    for (const id of [draft, lost]) await pass(id, 30);
    await runUpkeep();
    expect(await reminders()).toEqual([24, 24]);
  });

  it("start again for another deadline, and are not repeated for the same one", async () => {
    const [first, second] = [inHours(-2), inHours(-1)];
    const { id } = await suite.tenant.createDispute({ respondBy: first });
    await runUpkeep();
    await patch(id, { respondBy: second }).expect(200);
    await runUpkeep();
    expect(await reminders()).toEqual([0, 0]);
    await patch(id, { respondBy: first }).expect(200);
    await runUpkeep();
    await post(id, "close", { won: false, resolution: "r" });
    await post(id, "reopen", { reason: "r" });
    await runUpkeep();
    expect(await reminders()).toEqual([0, 0]);
  });

  it("end when the deadline is cleared", async () => {
    const id = await disputeIn(-1);
    await patch(id, { respondBy: null }).expect(200);
    await runUpkeep();
    expect(await reminders()).toEqual([]);
  });

  it("show upkeep only IDs of other tenants", async () => {
    await disputeIn(-1);
    const { pool } = suite.stage.context.database;
    const { fields } = await pool.query("SELECT * FROM upkeep_due_reminders(10)");
    expect(fields.map(({ name }) => name)).toEqual(["tenant_id", "id"]);
    await runUpkeep();
  });
});
