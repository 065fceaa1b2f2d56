import { randomUUID } from "node:crypto";
import type { WebhookDeliveryFilters } from "@docket/domain";
import { rowsReadBy, sequentialScans } from "@docket/testing";
import pg from "pg";
import { listDeliveries } from "../../src/webhooks/service.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { plansOf } from "../support/plans.ts";

const tenantId = randomUUID();
/** All deliveries of the first one succeeded; those of the other have not. */
const [healthyId, failingId] = [randomUUID(), randomUUID()];
let api: Stage;

beforeAll(async () => {
  api = await createStage();
  const owner = new pg.Client({ connectionString: api.testDatabase.ownerUrl });
  await owner.connect();
  await owner.query(
    `INSERT INTO webhook_endpoints (tenant_id, id, url, types, secrets)
     SELECT $1, id, 'https://example.com', '{dispute.*}', '[]' FROM unnest($2::uuid[]) id`,
    [tenantId, [healthyId, failingId]],
  );
  await owner.query(
    `INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, seq, type, event_at, created_at, status, next_attempt_at, started)
     SELECT $1, CASE WHEN healthy THEN $2::uuid ELSE $3::uuid END, gen_random_uuid(), n,
            CASE WHEN healthy THEN 'dispute.won' ELSE 'dispute.lost' END, now(), '2026-01-01Z'::timestamptz + n * interval '1 minute',
            status, CASE status WHEN 'PENDING' THEN now() END, true
     FROM (SELECT n, n % 3 = 0 AS healthy,
             CASE n % 3 WHEN 0 THEN 'DELIVERED' WHEN 1 THEN 'FAILED' ELSE 'PENDING' END AS status FROM generate_series(1, 30000) n) d`,
    [tenantId, healthyId, failingId],
  );
  await owner.query("VACUUM ANALYZE webhook_deliveries");
  await owner.end();
});
afterAll(() => api.close());

describe("a page of deliveries", () => {
  it.each<WebhookDeliveryFilters>([
    { status: ["PENDING"] },
    { status: ["FAILED"] },
    { type: ["dispute.lost"] },
    { type: ["dispute.lost"], status: ["DELIVERED"] },
  ])(
    "filtered by %j, which matches nothing of this endpoint but much of another, reads no row",
    async (filters) => {
      const plans = await plansOf(api, tenantId, "webhook_deliveries", async (tx) => {
        for await (const row of listDeliveries(tx, healthyId, filters, { take: 21 })) void row;
      });
      expect(sequentialScans(plans)).toEqual([]);
      // One row is that of the subquery which reads the tenant setting.
      expect(rowsReadBy(plans)).toBe(1);
    },
  );
});
