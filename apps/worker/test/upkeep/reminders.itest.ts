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

it("sends each reminder once when several workers run at once", async () => {
  const { tenantId, contextId, owner, superuser } = stage;
  // Skips the foreign keys: the exceptions do not exist.
  await superuser.query("SET session_replication_role = replica");
  await superuser.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, respond_by, remind_at,
                           reminder_hours)
     SELECT $1, $2, gen_random_uuid(), 'OTHER', 'OPEN', 'd', 'alice', now(), now() - interval '1 s', 0 FROM generate_series(1, 20)`,
    [tenantId, contextId],
  );
  const done = await Promise.all([run(), run(), run()]);
  const sent = done.reduce((sum, each) => sum + (each?.["reminded"] ?? 0), 0);
  expect(sent).toBe(20);
  const { rows } = await owner.query(
    `SELECT count(*)::int AS events, count(DISTINCT subject)::int AS disputes FROM audit_events WHERE action = 'dispute.overdue'`,
  );
  expect(rows).toEqual([{ events: 20, disputes: 20 }]);
  expect(await run()).toBeUndefined();
});
