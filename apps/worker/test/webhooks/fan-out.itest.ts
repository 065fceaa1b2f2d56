import { randomUUID } from "node:crypto";
import { plainTransaction } from "@docket/platform/database";
import { createSequencer, findWebhookEndpointsBehind } from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import { pino } from "pino";
import { fanOut } from "../../src/webhooks/fan-out.ts";
import { createWebhookStage, type WebhookStage } from "./support.ts";

let stage: WebhookStage;

beforeEach(async () => {
  stage = await createWebhookStage();
});

afterEach(() => stage.close());

const tenantsBehind = async (limit: number): Promise<readonly string[]> =>
  (await findWebhookEndpointsBehind(stage.database.pool, limit)).map(({ tenantId }) => tenantId);

/** Commits an event of each of these tenants, and numbers events until so many endpoints are behind. */
const emitTo = async (tenants: readonly string[], endpoints: number): Promise<void> => {
  for (const tenantId of tenants) await stage.emit(tenantId, 1);
  const { pool } = stage.database;
  const sequencer = createSequencer({ pool, logger: pino({ level: "silent" }) });
  sequencer.start();
  await waitFor(async () => (await tenantsBehind(1_000)).length === endpoints);
  await sequencer.close();
};

describe("the endpoints behind", () => {
  it("has one of each tenant before the second of any, and passes over no tenant for long", async () => {
    const [busy, quiet] = [randomUUID(), randomUUID()];
    for (let n = 0; n < 20; n += 1) await stage.endpoint(busy, {});
    await stage.endpoint(quiet, {});
    await emitTo([busy, quiet], 21);
    expect((await tenantsBehind(2)).toSorted()).toEqual([busy, quiet].toSorted());

    const others = Array.from({ length: 20 }, () => randomUUID());
    for (const tenantId of others) await stage.endpoint(tenantId, {});
    await emitTo(others, 41);
    const seen = new Set<string>();
    await waitFor(async () => {
      for (const tenantId of await tenantsBehind(4)) seen.add(tenantId);
      return seen.size === 22;
    });
  });
});

/** Adds so many endpoints of a tenant, and returns their ids. */
const endpointsOf = async (tenantId: string, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await stage.endpoint(tenantId, {})).id);
  return ids;
};

/** Makes the fan-out to these endpoints fail. */
const breakEndpoints = (ids: readonly string[]): Promise<unknown> =>
  stage.owner.query(`
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON webhook_deliveries FOR EACH ROW
    WHEN (new.endpoint_id = ANY ('{${ids.join()}}')) EXECUTE FUNCTION fail()`);

/** The endpoints to which the run failed, as often as it did. */
const runFanOut = async (): Promise<readonly string[]> => {
  const failed: string[] = [];
  const logger = pino({}, { write: (line) => failed.push(JSON.parse(line).endpointId as string) });
  await fanOut({
    database: stage.webhookDatabase,
    queue: { add: async () => {} },
    logger,
    shutdown: new AbortController().signal,
  });
  return failed;
};

const endpointsWithDeliveries = async (): Promise<readonly string[]> => {
  const { rows } = await stage.owner.query<{ id: string }>(
    "SELECT DISTINCT endpoint_id AS id FROM webhook_deliveries ORDER BY id",
  );
  return rows.map(({ id }) => id);
};

describe("a run of the fan-out", () => {
  /** Three tenants, each with one endpoint among many that fail. Each endpoint has an event. */
  const createEndpoints = async () => {
    const tenants = [randomUUID(), randomUUID(), randomUUID()];
    const ids: (readonly string[])[] = [];
    for (const tenantId of tenants) ids.push(await endpointsOf(tenantId, 40));
    const broken = ids.flatMap((each) => each.slice(1));
    await breakEndpoints(broken);
    await emitTo(tenants, 120);
    return { broken, healthy: ids.map(([first]) => first) };
  };

  it("tries an endpoint that fails once, and reaches the endpoints behind it", async () => {
    const { broken, healthy } = await createEndpoints();
    expect((await runFanOut()).toSorted()).toEqual(broken);
    expect(await endpointsWithDeliveries()).toEqual(healthy);
  });

  it("tries an endpoint again that failed in the run before", async () => {
    const { broken } = await createEndpoints();
    await runFanOut();
    await stage.owner.query("DROP TRIGGER broken ON webhook_deliveries");
    expect(await runFanOut()).toEqual([]);
    expect(await endpointsWithDeliveries()).toEqual(expect.arrayContaining(broken));
  });

  it("waits briefly for an endpoint that another process has locked", async () => {
    const tenantId = randomUUID();
    const [locked, ...others] = await endpointsOf(tenantId, 3);
    await emitTo([tenantId], 3);
    await stage.owner.query("BEGIN");
    await stage.owner.query("SELECT FROM webhook_endpoints WHERE id = $1 FOR UPDATE", [locked]);
    expect(await runFanOut()).toEqual([locked]);
    await stage.owner.query("ROLLBACK");
    expect(await endpointsWithDeliveries()).toEqual(others.toSorted());
  });

  it("passes events that have expired", async () => {
    const tenantId = randomUUID();
    await endpointsOf(tenantId, 1);
    await emitTo([tenantId], 1);
    await stage.owner.query("DELETE FROM events");
    expect(await runFanOut()).toEqual([]);
    expect(await tenantsBehind(1)).toEqual([]);
    expect(await endpointsWithDeliveries()).toEqual([]);
  });
});

test("counts the deliveries of an endpoint only if it may be returned", async () => {
  const tenantId = randomUUID();
  await endpointsOf(tenantId, 10);
  await emitTo([tenantId], 10);
  const SCANS = `
    SELECT (seq_scan + idx_scan)::int AS scans FROM pg_stat_xact_user_tables WHERE relname = 'webhook_deliveries'`;
  const scans = await plainTransaction(stage.database.pool, "SELECT", async (client) => {
    const before = await client.query<{ scans: number }>(SCANS);
    expect(await findWebhookEndpointsBehind(client, 3)).toHaveLength(3);
    const after = await client.query<{ scans: number }>(SCANS);
    return after.rows[0]!.scans - (before.rows[0]?.scans ?? 0);
  });
  expect(scans).toBe(3);
});
