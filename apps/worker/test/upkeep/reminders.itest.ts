import { randomUUID } from "node:crypto";
import { reminders } from "../../src/upkeep/reminders.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

const run = () => {
  const { logger } = stage.tools;
  return reminders({ database: stage.database, logger }).run(new AbortController().signal);
};

/** Inserts disputes whose last reminder has been due since `seconds` ago. */
async function insertDue(tenantId: string, disputes: number, seconds: number): Promise<void> {
  const { contextId, superuser } = stage;
  // Skips the foreign keys: the exceptions do not exist.
  await superuser.query("SET session_replication_role = replica");
  await superuser.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, respond_by, remind_at,
                           reminder_hours)
     SELECT $1, $2, gen_random_uuid(), 'OTHER', 'OPEN', 'd', 'alice', now(), now() - make_interval(secs => $4), 0
     FROM generate_series(1, $3)`,
    [tenantId, contextId, disputes, seconds],
  );
}

it("sends each reminder once when several workers run at once", async () => {
  const { tenantId, owner } = stage;
  await insertDue(tenantId, 20, 1);
  const done = await Promise.all([run(), run(), run()]);
  const sent = done.reduce((sum, each) => sum + (each?.["reminded"] ?? 0), 0);
  expect(sent).toBe(20);
  const { rows } = await owner.query(
    `SELECT count(*)::int AS events, count(DISTINCT subject)::int AS disputes FROM audit_events WHERE action = 'dispute.overdue'`,
  );
  expect(rows).toEqual([{ events: 20, disputes: 20 }]);
  expect(await run()).toBeUndefined();
});

it("lets tenants take turns, and continues until nothing is due", async () => {
  const { tenantId, owner } = stage;
  await insertDue(tenantId, 1_050, 2);
  await insertDue(randomUUID(), 2, 1);
  expect(await run()).toEqual({ reminded: 1_052 });
  const { rows } = await owner.query<{ sent: number }>(
    `SELECT sent::int FROM (SELECT tenant_id, row_number() OVER (ORDER BY seq) AS sent FROM audit_events) e
     WHERE tenant_id <> $1 AND sent <= 200`,
    [tenantId],
  );
  // Both are among the 200 of the first batch.
  expect(rows).toHaveLength(2);
});

it("sends the others of a tenant when the reminder of one dispute fails", async () => {
  const { tenantId, owner } = stage;
  await insertDue(tenantId, 5, 1);
  const { rows } = await owner.query<{ id: string }>("SELECT id FROM disputes LIMIT 1");
  await owner.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
     CREATE TRIGGER refuse BEFORE INSERT ON dispute_reminders FOR EACH ROW
     WHEN (NEW.dispute_id = '${rows[0]!.id}') EXECUTE FUNCTION refuse()`,
  );
  expect(await run()).toEqual({ reminded: 4 });
  await owner.query("DROP TRIGGER refuse ON dispute_reminders");
  expect(await run()).toEqual({ reminded: 1 });
});
