import { randomUUID } from "node:crypto";
import { createSequencer, findWebhookEndpointsBehind } from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import { pino } from "pino";
import { createWebhookStage, type WebhookStage } from "./support.ts";

let stage: WebhookStage;

beforeAll(async () => {
  stage = await createWebhookStage();
});

afterAll(() => stage.close());

const tenantsBehind = async (limit: number): Promise<readonly string[]> =>
  (await findWebhookEndpointsBehind(stage.database.pool, limit)).map(({ tenantId }) => tenantId);

/** Commits an event of each of these tenants, and numbers events until so many endpoints are behind. */
const emitTo = async (tenants: readonly string[], endpoints: number): Promise<void> => {
  for (const tenantId of tenants) await stage.emit(tenantId, 1);
  const { pool } = stage.database;
  const sequencer = createSequencer({ pool, logger: pino({ level: "silent" }) });
  sequencer.start();
  await waitFor(async () => (await tenantsBehind(100)).length === endpoints);
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
