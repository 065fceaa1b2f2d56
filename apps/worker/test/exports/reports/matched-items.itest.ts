import { randomUUID } from "node:crypto";
import { createTestDatabase, MATCHED_ITEMS_DIFFERENCE, type TestDatabase } from "@docket/testing";
import { Client } from "pg";
import { aGroup, aScene, aTransaction } from "./builders.ts";
import { exportFile, exportSession } from "./exporter.ts";
import { insertScene } from "./scene.ts";

const ROUNDS = 20;

/** What ingests do to existing records, as statements of the previous release, which knows nothing of matched_items. */
const CHANGES = [
  "UPDATE transactions SET date = date + (random() * 6 - 3) * interval '1 day' WHERE random() < 0.3",
  "UPDATE match_groups SET status = CASE WHEN random() < 0.7 THEN 'CONFIRMED' ELSE 'REJECTED' END WHERE random() < 0.5",
  "UPDATE match_groups SET rule = 'rule ' || round(random() * 9), confidence = round((random() * 100)::numeric, 2) WHERE random() < 0.3",
  "DELETE FROM match_group_items WHERE random() < 0.1",
  `INSERT INTO match_group_items (tenant_id, match_group_id, transaction_id, amount)
   SELECT g.tenant_id, g.id, t.id, 1 FROM match_groups g JOIN transactions t USING (tenant_id) WHERE random() < 0.1
   ON CONFLICT DO NOTHING`,
  "UPDATE match_group_items SET amount = amount + 1 WHERE random() < 0.3",
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

it("a file of MATCHED is the same from matched_items as from the other tables, while records change", async () => {
  const scene = aScene(randomUUID());
  const transactions = Array.from({ length: 60 }, () => aTransaction({ source_id: scene.bank }));
  const groups = Array.from({ length: 20 }, () => aGroup());
  const items = transactions.map(({ id }, index) => ({
    match_group_id: groups[index % groups.length]!.id,
    transaction_id: id,
    amount: "1",
  }));
  await insertScene(owner, { ...scene, transactions, groups, items });
  reader = await exportSession(database.appUrl, scene.tenantId);
  writer = await exportSession(database.appUrl, scene.tenantId);
  const days = { dateFrom: "2026-01-13", dateTo: "2026-01-17" };
  const spec = {
    contextId: scene.contextId,
    reportType: "MATCHED",
    format: "CSV",
    ...days,
  } as const;
  const changing = (async () => {
    for (let round = 0; round < ROUNDS; round += 1)
      for (const change of CHANGES) await writer.query(change);
  })();
  let rows = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const wanted = await exportFile(reader, spec, { isMigrated: false });
    const file = await exportFile(reader, spec);
    await reader.query("COMMIT");
    expect(file).toEqual(wanted);
    expect(file.counted).toBe(file.rows);
    rows += file.rows;
  }
  await changing;
  expect(rows).toBeGreaterThan(0);
  expect((await owner.query(MATCHED_ITEMS_DIFFERENCE)).rows).toEqual([]);
});
