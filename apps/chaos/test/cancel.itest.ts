import { setTimeout as sleep } from "node:timers/promises";

import { waitFor } from "@docket/testing";

import { createRandom } from "@docket/demo-data";
import {
  ALL_DAYS,
  createProcessStage,
  ONE_DAY,
  type ProcessStage,
} from "./support/process-stage.ts";

jest.setTimeout(150_000);

let stage: ProcessStage;
beforeEach(async () => {
  stage = await createProcessStage({ rows: 80_000 });
  await stage.startWorker();
});
afterEach(() => stage.close());

const cancel = (id: string) => stage.call("POST", `/v1/export-jobs/${id}/cancel`);

/** The contract's two seconds, from the answer to the cancel. */
const noCopyGoesOn = () =>
  waitFor(async () => (await stage.activeCopies()) === 0, { timeoutMs: 2_000 });

/** Within the contract's minute, and not only for the moment: the sweeper has given up every object. */
const nothingIsLeft = () =>
  waitFor(
    async () => {
      const { rowCount: open } = await stage.superuser.query(
        "SELECT FROM stored_objects WHERE lost_at IS NULL",
      );
      return open === 0 && (await stage.stored()).length === 0;
    },
    { timeoutMs: 60_000 },
  );

test("a cancel at any moment of an export wins, and leaves nothing behind", async () => {
  // 13 MB: an export takes about three seconds.
  stage.line.requests.set(5_000_000);
  const random = createRandom(20_261_123);
  const ids: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const id = await stage.order(ALL_DAYS);
    ids.push(id);
    // At first while it is queued, or claimed at this moment.
    await sleep(round < 2 ? 0 : random.integer(0, 2_000));
    expect(await cancel(id)).toMatchObject({ status: 200, body: { status: "CANCELED" } });
    await noCopyGoesOn();
  }
  await nothingIsLeft();
  for (const id of ids)
    expect(await stage.job(id)).toMatchObject({ status: "CANCELED", attempts: 0 });
});

test("a cancel of a job that waits for a worker ends it there", async () => {
  stage.line.requests.set(20_000);
  // As many as the worker does at once, and one that waits.
  const ids = [await stage.order(ONE_DAY), await stage.order(ONE_DAY)];
  for (const id of ids) await stage.becomes(id, "RUNNING");
  const waits = await stage.order(ONE_DAY);
  for (const id of [waits, ...ids]) expect((await cancel(id)).status).toBe(200);
  stage.line.requests.set(Infinity);
  await nothingIsLeft();
  expect(await stage.job(waits)).toMatchObject({ status: "CANCELED", claim: 0 });
});

test("a cancel between the file's last byte and the final write wins", async () => {
  stage.line.responses.set(0);
  const id = await stage.order(ONE_DAY);
  // Stored whole, and the worker has not heard of it.
  await waitFor(async () => (await stage.stored()).length === 1);
  expect(await cancel(id)).toMatchObject({ status: 200, body: { status: "CANCELED" } });
  stage.line.responses.set(Infinity);
  await nothingIsLeft();
  expect(await stage.job(id)).toMatchObject({ status: "CANCELED", claim: 1, object_key: null });
});
