import { deliverySweeper } from "../../src/upkeep/delivery-sweeper.ts";
import { createStage, type Stage } from "../support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

it("deletes the deliveries of 30 days ago, and deleted endpoints with theirs, and no others", async () => {
  const { owner, database } = stage;
  await owner.query(
    `INSERT INTO webhook_endpoints (tenant_id, url, types, secrets, deleted_at)
     SELECT gen_random_uuid(), url, '{dispute.won}', '[]', CASE url WHEN 'deleted' THEN now() - interval '1 hour' END
     FROM unnest(ARRAY['kept', 'deleted']) url`,
  );
  await owner.query(
    `INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at, created_at)
     SELECT w.tenant_id, w.id, gen_random_uuid(), days, 'dispute.won', now(), now() - make_interval(days => days)
     FROM webhook_endpoints w, unnest(ARRAY[1, 29, 31, 60]) days`,
  );
  const sweeper = deliverySweeper({ database });
  const { signal } = new AbortController();
  const deleted = { deliveries: 2 + 4, endpoints: 1 };
  expect(await sweeper.run(signal)).toEqual({ deleted: deleted.deliveries + deleted.endpoints });
  const { rows } = await owner.query(
    `SELECT w.url, d.seq::int FROM webhook_endpoints w JOIN webhook_deliveries d ON d.endpoint_id = w.id ORDER BY d.seq`,
  );
  expect(rows).toEqual([
    { url: "kept", seq: 1 },
    { url: "kept", seq: 29 },
  ]);
  expect((await owner.query("SELECT FROM webhook_endpoints")).rowCount).toBe(1);
  expect(await sweeper.run(signal)).toBeUndefined();
});

it("ends its run while deliveries are left, so that other tasks have their turn", async () => {
  const { owner, database } = stage;
  await owner.query(
    `WITH deleted AS (
       INSERT INTO webhook_endpoints (tenant_id, url, types, secrets, deleted_at)
       VALUES (gen_random_uuid(), 'deleted', '{dispute.won}', '[]', now()) RETURNING tenant_id, id)
     INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at)
     SELECT tenant_id, id, gen_random_uuid(), n, 'dispute.won', now() FROM deleted, generate_series(1, 50100) n`,
  );
  const sweeper = deliverySweeper({ database });
  const { signal } = new AbortController();
  expect(await sweeper.run(signal)).toEqual({ deleted: 50_000 });
  expect(await sweeper.run(signal)).toEqual({ deleted: 100 });
});
