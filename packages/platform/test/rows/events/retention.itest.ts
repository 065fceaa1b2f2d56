import { DocketError } from "@docket/domain";
import { expireEvents, readFeedHead } from "../../../src/rows/index.ts";
import { createRowsStage } from "../stage.ts";
import { allEvents, faultIn, numberAll, write } from "./support.ts";

const stage = createRowsStage();

it("deletes old events from the start of the chain, which stays verifiable from the oldest that is kept", async () => {
  const { database, owner } = stage;
  const tenant = await stage.addTenant();
  const head = () => tenant.run(() => readFeedHead(database.pool));
  const ages = [30, 20, 5, 25, 0];
  for (const age of ages)
    await tenant.run(() => database.transaction((tx) => write(tx, `${age} days old`)));
  await owner.query(
    `UPDATE audit_events SET at = now() - make_interval(days => split_part(subject, ' ', 1)::int) WHERE tenant_id = $1`,
    [tenant.tenantId],
  );
  await numberAll(database.pool);
  const all = await allEvents(stage, tenant);
  expect(await head()).toEqual({
    seq: 5,
    hash: all[4]!.hash,
    oldest: { seq: 1, previousHash: "0".repeat(64) },
  });

  expect(await expireEvents(database.pool, 10, 1)).toBe(1);
  expect(await expireEvents(database.pool, 10, 100)).toBe(1);
  // The fourth is old, too, but the third is not: the chain is cut in one place only.
  expect(await expireEvents(database.pool, 10, 100)).toBe(0);
  const { oldest } = await head();
  expect(oldest).toEqual({ seq: 3, previousHash: all[1]!.hash });
  const kept = await allEvents(stage, tenant, 2);
  expect(kept).toEqual(all.slice(2));
  expect(faultIn(kept, { seq: 2, hash: oldest.previousHash })).toBeUndefined();
  const expired = await allEvents(stage, tenant, 1).catch((error: unknown) => error);
  expect(expired).toBeInstanceOf(DocketError);
  expect(expired).toMatchObject({ code: "events_expired", oldestSeq: 3 });
  const { rows } = await owner.query("SELECT FROM audit_events WHERE tenant_id = $1", [
    tenant.tenantId,
  ]);
  expect(rows).toHaveLength(3);

  // When no event is left, the chain goes on from the last one.
  await owner.query("UPDATE events SET at = now() - interval '1 year' WHERE tenant_id = $1", [
    tenant.tenantId,
  ]);
  await owner.query("UPDATE event_heads SET oldest_at = now() - interval '1 year'");
  expect(await expireEvents(database.pool, 10, 100)).toBe(3);
  await tenant.run(() => database.transaction((tx) => write(tx, "new")));
  await numberAll(database.pool);
  const last = await allEvents(stage, tenant, 5);
  expect(faultIn(last, { seq: 5, hash: all[4]!.hash })).toBeUndefined();
  expect(await head()).toMatchObject({ seq: 6, oldest: { seq: 6, previousHash: all[4]!.hash } });
});
