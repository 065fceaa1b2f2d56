import { createLogger } from "../../../src/process/logger.ts";
import { waitFor } from "@docket/testing";
import type pg from "pg";
import {
  createSequencer,
  numberEvents,
  readEvents,
  type EventRow,
} from "../../../src/rows/index.ts";
import { createRowsStage, type RowsTenant } from "../stage.ts";
import { allEvents, faultIn, numberAll, openTransaction, write } from "./support.ts";

const stage = createRowsStage();
let tenant: RowsTenant;
beforeEach(async () => {
  tenant = await stage.addTenant();
});

const commitEvent = (name: string): Promise<void> =>
  tenant.run(() => stage.database.transaction((tx) => write(tx, name)));

const subjects = (events: readonly EventRow[]): string[] => events.map(({ subject }) => subject);

/** A pool that runs `before` in front of the statement which has the name or the text `at`, with the backend of its connection. */
function interruptedPool(at: string, before: (pid: number) => Promise<unknown>): pg.Pool {
  const connect = async () => {
    const client = await stage.database.pool.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const query = async (statement: string | { name?: string }, ...rest: unknown[]) => {
      const name = typeof statement === "string" ? statement : statement.name;
      if (name === at) await before(rows[0]!.pid);
      return client.query(statement as string, ...(rest as [unknown[]]));
    };
    return { query, release: (broken?: boolean) => client.release(broken) };
  };
  return { connect } as unknown as pg.Pool;
}

const terminate = (pid: number) =>
  stage.database.pool.query("SELECT pg_terminate_backend($1, 5000)", [pid]);

it("shows a polling reader every event once, in order, in whatever order transactions commit", async () => {
  const { pool } = stage.database;
  const logger = createLogger("test", "silent");
  const sequencers = [1, 2].map(() => createSequencer({ pool, logger, intervalMs: 10 }));
  const seen: EventRow[] = [];
  let isReading = true;
  const reader = tenant.run(async () => {
    while (isReading)
      seen.push(...(await readEvents(pool, { after: seen.at(-1)?.seq ?? 0, limit: 3 })));
  });
  for (const each of sequencers) each.start();
  try {
    const open = await openTransaction(stage, tenant, "open");
    const first = await openTransaction(stage, tenant, "first");
    const second = await openTransaction(stage, tenant, "second");
    await second.commit();
    await waitFor(() => subjects(seen).includes("second"));
    await first.commit();
    await waitFor(() => subjects(seen).includes("first"));
    for (let n = 0; n < 20; n++) await commitEvent(`event ${n}`);
    await waitFor(() => subjects(seen).includes("event 19"));
    expect(subjects(seen)).not.toContain("open");
    await open.commit();
    await waitFor(() => subjects(seen).includes("open"));
  } finally {
    await Promise.all(sequencers.map(({ close }) => close()));
    isReading = false;
    await reader;
  }
  const order = ["second", "first", ...Array.from({ length: 20 }, (_, n) => `event ${n}`), "open"];
  expect(subjects(seen)).toEqual(order);
  expect(seen.map(({ seq }) => seq)).toEqual(order.map((_, index) => index + 1));
  expect(faultIn(seen)).toBeUndefined();
});

it.each(["sequencer-take", "sequencer-number", "COMMIT"])(
  "loses and repeats nothing if the process dies before %s",
  async (at) => {
    const { pool } = stage.database;
    await commitEvent("before");
    await numberAll(pool);
    await commitEvent("first");
    await commitEvent("second");
    await expect(numberEvents(interruptedPool(at, terminate))).rejects.toThrow();
    await numberAll(pool);
    const events = await allEvents(stage, tenant);
    expect(subjects(events)).toEqual(["before", "first", "second"]);
    expect(faultIn(events)).toBeUndefined();
  },
);

it("lets a successor go on while a process is frozen, and refuses the batch of the frozen one", async () => {
  const { pool } = stage.database;
  await commitEvent("first");
  let thaw!: () => void;
  const thawed = new Promise<void>((resolve) => (thaw = resolve));
  let isFrozen = false;
  const frozen = numberEvents(
    interruptedPool("sequencer-number", () => {
      isFrozen = true;
      return thawed;
    }),
  );
  const outcome = frozen.catch((error: unknown) => error);
  await waitFor(() => isFrozen);
  expect((await numberEvents(pool)).count).toBe(0);
  await commitEvent("second");
  // The server ends the frozen session after 2 s.
  await waitFor(async () => (await numberEvents(pool)).count > 0);
  thaw();
  expect(await outcome).toBeInstanceOf(Error);
  await numberAll(pool);
  const events = await allEvents(stage, tenant);
  expect(subjects(events)).toEqual(["first", "second"]);
  expect(faultIn(events)).toBeUndefined();
});

it("numbers a change that was committed during a pass before those that followed its commit", async () => {
  const { pool } = stage.database;
  const earlier = await openTransaction(stage, tenant, "earlier");
  await tenant.run(() =>
    pool.query(
      `INSERT INTO audit_events (tenant_id, actor, action, subject, data)
       SELECT $1, 'a', 'context.created', 'many', '{}' FROM generate_series(1, 600)`,
      [tenant.tenantId],
    ),
  );
  let result = await numberEvents(pool);
  expect(result).toMatchObject({ isDone: false, count: 500 });
  await earlier.commit();
  await commitEvent("later");
  while (!result.isDone) result = await numberEvents(pool, result.next);
  const events = await allEvents(stage, tenant);
  expect(subjects(events).filter((subject) => subject !== "many")).toEqual(["earlier", "later"]);
  expect(faultIn(events)).toBeUndefined();
});

it("numbers rows of the previous release, which have no data", async () => {
  const { pool } = stage.database;
  await tenant.run(() =>
    pool.query(
      `INSERT INTO audit_events (tenant_id, actor, action, subject)
       VALUES ($1, 'a', 'export-job.created', '/v1/export-jobs/1'), ($1, 'a', 'evidence.downloaded', '/v1/disputes/1/evidence/2')`,
      [tenant.tenantId],
    ),
  );
  await numberAll(pool);
  const events = await allEvents(stage, tenant);
  expect(events.map(({ type, data }) => [type, data])).toEqual([
    ["export-job.created", "{}"],
    ["dispute.evidence-downloaded", "{}"],
  ]);
  expect(faultIn(events)).toBeUndefined();
});

it.each([
  ["changed", "UPDATE events SET actor = 'mallory' WHERE tenant_id = $1 AND seq = 2", 2],
  ["given other data", `UPDATE events SET data = '{"x":1}' WHERE tenant_id = $1 AND seq = 3`, 3],
  ["deleted", "DELETE FROM events WHERE tenant_id = $1 AND seq = 2", 2],
])("finds an event that the owner of the tables has %s", async (_, sql, seq) => {
  for (const name of ["first", "second", "third"]) await commitEvent(name);
  await numberAll(stage.database.pool);
  expect(faultIn(await allEvents(stage, tenant))).toBeUndefined();
  await stage.owner.query(sql, [tenant.tenantId]);
  expect(faultIn(await allEvents(stage, tenant))).toMatchObject({ seq });
});
