import { randomUUID } from "node:crypto";
import { reportMigrations } from "@docket/reports";
import {
  createTestDatabase,
  EXCEPTION_DATES_DIFFERENCE,
  MATCHED_ITEMS_DIFFERENCE,
  type TestDatabase,
} from "@docket/testing";
import { Client } from "pg";
import { aGroup, anException, aScene, aTransaction } from "./builders.ts";
import { exportFile, exportSession } from "./exporter.ts";
import { insertScene } from "./scene.ts";

const ROUNDS = 20;

const DAYS = { dateFrom: "2026-01-13", dateTo: "2026-01-17" };

/** Counters count the rows of whole days of UTC, also of one source. In this time zone, the rows themselves are counted. */
const filtersOf = (round: number, sourceId: string) =>
  [
    {},
    { sourceId },
    { zone: { timeZone: "Asia/Kolkata", from: FIRST - INDIA, until: FIRST + 4 * 86_400 - INDIA } },
  ][round % 3];

const FIRST = Date.UTC(2026, 0, 13) / 1_000;
const INDIA = 5.5 * 3_600;

/** What ingests do, as statements of the previous release, which knows nothing of what data migrations fill. */
const CHANGES = [
  "UPDATE transactions SET date = date + (random() * 6 - 3) * interval '1 day' WHERE random() < 0.3",
  "UPDATE match_groups SET status = CASE WHEN random() < 0.7 THEN 'CONFIRMED' ELSE 'REJECTED' END WHERE random() < 0.5",
  "UPDATE match_groups SET rule = 'rule ' || round(random() * 9), confidence = round((random() * 100)::numeric, 2) WHERE random() < 0.3",
  "DELETE FROM match_group_items WHERE random() < 0.1",
  `INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
   SELECT g.tenant_id, g.id, t.id, 1 FROM match_groups g JOIN transactions t USING (tenant_id) WHERE random() < 0.1
   ON CONFLICT DO NOTHING`,
  "UPDATE match_group_items SET amount = amount + 1 WHERE random() < 0.3",
  "UPDATE transactions SET status = CASE WHEN random() < 0.5 THEN 'MATCHED' ELSE 'UNMATCHED' END WHERE random() < 0.3",
  "UPDATE exceptions SET due_at = now() + random() * interval '1 day' WHERE random() < 0.3",
  `INSERT INTO exceptions (tenant_id, context_id, transaction_id, severity, amount_key, currency, source_id)
   SELECT tenant_id, context_id, id, 'LOW', amount_key(amount), currency, source_id FROM transactions WHERE random() < 0.05
   ON CONFLICT DO NOTHING`,
];

let database: TestDatabase;
let owner: Client;
let reader: Client;
let writer: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await Promise.all([owner.end(), reader?.end(), writer?.end()]);
  await database.drop();
});

it("a file is the same before and after its report's data migration, while records change", async () => {
  const scene = aScene(randomUUID());
  const transactions = Array.from({ length: 60 }, () => aTransaction({ source_id: scene.bank }));
  const groups = Array.from({ length: 20 }, () => aGroup());
  const items = transactions.map(({ id }, index) => ({
    match_group_id: groups[index % groups.length]!.id,
    transaction_id: id,
    amount: "1",
  }));
  const exceptions = transactions.slice(0, 10).map(anException);
  await insertScene(owner, { ...scene, transactions, groups, items, exceptions });
  reader = await exportSession(database.appUrl, scene.tenantId);
  writer = await exportSession(database.appUrl, scene.tenantId);
  const changing = (async () => {
    for (let round = 0; round < ROUNDS; round += 1)
      for (const change of CHANGES) await writer.query(change);
  })();
  const rows = { MATCHED: 0, UNMATCHED: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const reportType of ["MATCHED", "UNMATCHED"] as const) {
      const filters = filtersOf(round, scene.bank);
      const spec = {
        ...DAYS,
        ...filters,
        contextId: scene.contextId,
        reportType,
        format: "CSV",
      } as const;
      await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const wanted = await exportFile(reader, spec, {
        unfinished: new Set(reportMigrations(reportType)),
      });
      const file = await exportFile(reader, spec);
      await reader.query("COMMIT");
      expect(file).toEqual(wanted);
      expect(file.counted).toBe(file.rows);
      rows[reportType] += file.rows;
    }
  }
  await changing;
  expect(rows.MATCHED).toBeGreaterThan(0);
  expect(rows.UNMATCHED).toBeGreaterThan(0);
  expect((await owner.query(MATCHED_ITEMS_DIFFERENCE)).rows).toEqual([]);
  expect((await owner.query(EXCEPTION_DATES_DIFFERENCE)).rows).toEqual([]);
});
