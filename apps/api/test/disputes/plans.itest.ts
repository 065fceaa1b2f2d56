import { randomUUID } from "node:crypto";
import type { DisputeFilters } from "@docket/domain";
import { rowsReadBy, scanOf, sequentialScans, sortsIn, type PlanNode } from "@docket/testing";
import pg from "pg";
import { sortedWindow } from "../../src/lists/keyset.ts";
import { encodeCursor } from "../../src/lists/pagination.ts";
import { DISPUTE_SORTS, listDisputes } from "../../src/disputes/list.ts";
import { createStage, type Stage } from "../support/stage.ts";
import { plansOf } from "../support/plans.ts";

/** As in lists/plans.itest.ts: the cost of a page does not depend on its position in the list. */
const ROWS = 100_000;
const NOW = new Date("2026-01-15");
const tenantId = randomUUID();
const contextId = randomUUID();
let api: Stage;

beforeAll(async () => {
  api = await createStage();
  const superuser = new pg.Client({ connectionString: api.testDatabase.superuserUrl });
  await superuser.connect();
  // Skips the foreign keys, because the exceptions do not exist.
  await superuser.query("SET session_replication_role = replica");
  await superuser.query(
    `INSERT INTO disputes (tenant_id, context_id, exception_id, category, state, description, opened_by, created_at, updated_at,
                           resolution, closed_by, closed_at, disputed_amount, amount_key, respond_by, assigned_to, currency)
     SELECT CASE WHEN n % 10 = 0 THEN gen_random_uuid() ELSE $1::uuid END, CASE WHEN n % 100 = 1 THEN $2::uuid ELSE gen_random_uuid() END,
            gen_random_uuid(), (ARRAY['BANK_FEE_ERROR', 'UNRECOGNIZED_CHARGE', 'DUPLICATE_TRANSACTION'])[1 + n % 3],
            CASE WHEN n % 100 = 1 THEN 'OPEN' ELSE 'WON' END, 'd', 'alice',
            '2026-01-01Z'::timestamptz + n * interval '1 minute', '2026-01-01Z'::timestamptz + (n * 7 % $3) * interval '1 minute',
            CASE WHEN n % 100 <> 1 THEN 'r' END, CASE WHEN n % 100 <> 1 THEN 'x' END, CASE WHEN n % 100 <> 1 THEN now() END,
            n * 31 % 997, amount_key(n * 31 % 997), CASE WHEN n % 3 = 1 THEN '2026-01-01Z'::timestamptz + n * interval '1 minute' END,
            CASE WHEN n % 500 = 1 THEN 'kim' WHEN n % 2 = 0 THEN 'lee' END,
            'EUR'
     FROM generate_series(1, $3::int) n`,
    [tenantId, contextId, ROWS],
  );
  await superuser.query("VACUUM ANALYZE disputes");
  await superuser.end();
});

afterAll(() => api.close());

/** A value of each sort key from the middle of the list. */
const MIDDLE: Readonly<Record<string, string | number>> = {
  createdAt: "2026-02-01T00:00:00.000Z",
  updatedAt: "2026-02-01T00:00:00.000Z",
  respondBy: "2026-02-01T00:00:00.000Z",
  disputedAmount: "00000000000000000500.00000000",
  state: 3,
  category: 1,
  id: "01900000-0000-7000-8000-000000000000",
};

const middleOf = (sort: string, filters: DisputeFilters): Promise<readonly PlanNode[]> => {
  const position = { value: MIDDLE[sort.replace("-", "")]!, id: String(MIDDLE["id"]) };
  const cursor = encodeCursor({ sort }, position);
  const window = sortedWindow(DISPUTE_SORTS, { limit: 20, sort, cursor }, {});
  return plansOf(api, tenantId, "disputes", async (tx) => {
    for await (const dispute of listDisputes(tx, filters, window, NOW)) void dispute;
  });
};

describe("a page of the disputes list", () => {
  it.each<[string, DisputeFilters, string]>([
    ["-createdAt", {}, "disputes_by_creation"],
    ["createdAt", {}, "disputes_by_creation"],
    ["-updatedAt", {}, "disputes_by_update"],
    ["state", {}, "disputes_by_state"],
    ["-state", {}, "disputes_by_state"],
    ["-category", {}, "disputes_by_category"],
    ["id", {}, "disputes_pkey"],
    ["-createdAt", { state: ["OPEN"] }, "disputes_by_state_and_creation"],
    ["-createdAt", { contextId }, "disputes_by_context"],
    ["respondBy", {}, "disputes_by_response"],
    ["-respondBy", {}, "disputes_by_response_descending"],
    ["disputedAmount", {}, "disputes_by_amount"],
    ["-disputedAmount", {}, "disputes_by_amount"],
    ["-createdAt", { assignedTo: "kim" }, "disputes_by_assignee"],
    ["-createdAt", { currency: "JPY" }, "disputes_by_currency"],
    ["-createdAt", { openedBy: "nobody" }, "disputes_by_opener"],
    ["-createdAt", { category: ["OTHER"] }, "disputes_by_category_and_creation"],
    ["respondBy", { state: ["OPEN"], overdue: true }, "disputes_awaiting_response"],
  ])(
    "sorted by %s and filtered by %j reads little, from the index %s",
    async (sort, filters, index) => {
      const plans = await middleOf(sort, filters);
      expect([...sequentialScans(plans), ...sortsIn(plans)]).toEqual([]);
      expect(scanOf(plans, "disputes")["Index Name"]).toBe(index);
      expect(rowsReadBy(plans)).toBeLessThan(50);
    },
  );
});
