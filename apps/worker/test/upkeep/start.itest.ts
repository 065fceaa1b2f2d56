import { createLifetime } from "@docket/platform";
import { untilBlocked, waitFor } from "@docket/testing";
import { createWorkerMetrics } from "../../src/metrics.ts";
import { startUpkeep } from "../../src/upkeep/start.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

it("sends reminders while another task of upkeep lasts", async () => {
  const { owner, superuser, tenantId, contextId, tools, database } = stage;
  // Stops the idempotency sweeper, and thereby the tasks that share its timer.
  await owner.query("BEGIN; LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE");
  const lifetime = createLifetime(tools.logger);
  const config = { upkeepIntervalMs: 100, eventRetentionDays: 400 };
  const metrics = createWorkerMetrics();
  startUpkeep({ ...tools, metrics, config, database, storage: undefined }, lifetime);
  await untilBlocked(owner);
  // Skips the foreign keys: the exception does not exist.
  await superuser.query("SET session_replication_role = replica");
  await superuser.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, respond_by, remind_at,
                           reminder_hours)
     SELECT $1, $2, gen_random_uuid(), 'OTHER', 'OPEN', 'd', 'alice', now(), now(), 0`,
    [tenantId, contextId],
  );
  await waitFor(async () => {
    const { rowCount } = await superuser.query("SELECT FROM dispute_reminders");
    return rowCount === 1;
  });
  await owner.query("ROLLBACK");
  await lifetime.close();
});
