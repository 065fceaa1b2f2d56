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

describe("the endpoints behind", () => {
  it("has one of each tenant before the second of any", async () => {
    const [busy, quiet] = [randomUUID(), randomUUID()];
    for (let n = 0; n < 20; n += 1) await stage.endpoint(busy, {});
    await stage.endpoint(quiet, {});
    for (const tenantId of [busy, quiet]) await stage.emit(tenantId, 1);
    const { pool } = stage.database;
    const sequencer = createSequencer({ pool, logger: pino({ level: "silent" }) });
    sequencer.start();
    await waitFor(async () => (await findWebhookEndpointsBehind(pool, 100)).length === 21);
    await sequencer.close();

    const first = await findWebhookEndpointsBehind(pool, 2);
    expect(first.map(({ tenantId }) => tenantId).toSorted()).toEqual([busy, quiet].toSorted());
  });
});
