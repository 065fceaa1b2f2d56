import { createHash, randomUUID } from "node:crypto";

import type { FaultyResponse } from "@docket/testing";

import { isDocketError } from "../src/index.ts";
import {
  createClientStage,
  EXPORT,
  seedContext,
  transactionsFrom,
  type ClientStage,
} from "./support/stage.ts";

/** `CLIENT_OPERATIONS=1000` runs the long version. */
const OPERATIONS = Number(process.env["CLIENT_OPERATIONS"] ?? 30);
const CONCURRENCY = 10;
const TIMEOUT_MS = 300_000 + OPERATIONS * 1_000;

let stage: ClientStage;

beforeAll(async () => {
  stage = await createClientStage();
});

afterAll(() => stage.close());

/** Every other request fails, each time in another way. */
function alternate(faults: readonly FaultyResponse[]) {
  let requests = 0;
  let applied = 0;
  return {
    when: () => (requests += 1) % 2 === 0,
    response: () => faults[(applied += 1) % faults.length]!,
  };
}

/** How an operation ended, and a check of its effect: once if it succeeded, and at most once if it failed. */
type Outcome = { readonly succeeded: boolean; readonly countEffects: () => Promise<number> };

async function attempt(
  call: () => Promise<unknown>,
  countEffects: () => Promise<number>,
): Promise<Outcome> {
  try {
    await call();
    return { succeeded: true, countEffects };
  } catch (error) {
    if (!isDocketError(error)) throw error;
    return { succeeded: false, countEffects };
  }
}

async function countOf<T>(items: AsyncIterable<T>, isCounted: (item: T) => boolean) {
  let count = 0;
  for await (const item of items) count += isCounted(item) ? 1 : 0;
  return count;
}

async function prepare() {
  const { docket, direct } = stage;
  const contextId = await seedContext(direct, 3_000);
  const [exception] = (await direct.exceptions.list({ contextId }).page()).items;
  // A dispute takes at most 50 files.
  const disputes: string[] = [];
  for (let index = 0; index <= OPERATIONS / 40; index += 1) {
    const dispute = { category: "OTHER", description: "Faults" };
    disputes.push((await direct.disputes.create(exception!.id, dispute)).id);
  }
  const operations: readonly ((number: number) => Promise<Outcome>)[] = [
    () => {
      const name = randomUUID();
      return attempt(
        () => docket.contexts.create({ name }),
        () => countOf(direct.contexts.list(), (each) => each.name === name),
      );
    },
    (number) => {
      const note = `Note ${number}`;
      const disputeId = disputes[number % disputes.length]!;
      return attempt(
        () => docket.disputes.addNote(disputeId, { note }),
        () => countOf(direct.disputes.history(disputeId), (each) => each.note === note),
      );
    },
    (number) => {
      const fileName = `${number}.csv`;
      const disputeId = disputes[number % disputes.length]!;
      const about = { comment: "File", contentType: "text/csv", fileName };
      return attempt(
        () => docket.evidence.upload(disputeId, `number\n${number}\n`, about),
        async () =>
          (await direct.disputes.get(disputeId)).evidence.filter(
            ({ file }) => file?.fileName === fileName,
          ).length,
      );
    },
    (number) => {
      const externalId = String(10_000 + number);
      return attempt(
        () => docket.records.push(contextId, "transactions", transactionsFrom(10_000 + number, 1)),
        () => countOf(direct.transactions.list(contextId, { externalId }), () => true),
      );
    },
    (number) => {
      const columns = ["transaction_id", "amount"];
      const days = daysOf(number);
      return attempt(
        () => docket.exportJobs.create(contextId, { ...EXPORT, ...days, columns }),
        () =>
          countOf(
            direct.exportJobs.list({ contextId }),
            ({ dateFrom, dateTo }) => dateFrom === days.dateFrom && dateTo === days.dateTo,
          ),
      );
    },
  ];
  return { contextId, operations };
}

/** Days of its own for each number up to 3 500, so that an export can be told from the others. */
const daysOf = (number: number) => ({
  dateFrom: day(Math.floor(number / 350)),
  dateTo: day(10 + (number % 350)),
});

const day = (index: number): string =>
  new Date(Date.UTC(2026, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

async function runAll<T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) results.push(await work(next++));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return results;
}

describe("a client behind a connection that fails every other request", () => {
  it(
    "has each effect exactly once, and reports what has failed",
    async () => {
      const { operations } = await prepare();
      stage.apiProxy.failRequests(alternate(["cut", "drop reply", 503, "truncate", "delay"]));
      const outcomes = await runAll(OPERATIONS, (number) =>
        operations[number % operations.length]!(number),
      );
      await stage.apiProxy.pass();
      expect(stage.apiProxy.failedRequests()).toBeGreaterThan(OPERATIONS / 2);
      const effects = await runAll(outcomes.length, async (number) => {
        const { succeeded, countEffects } = outcomes[number]!;
        const effect = await countEffects();
        return succeeded ? effect === 1 : effect <= 1;
      });
      expect(effects.filter((isRight) => !isRight)).toEqual([]);
      expect(outcomes.filter(({ succeeded }) => succeeded).length).toBeGreaterThan(OPERATIONS / 2);
    },
    TIMEOUT_MS,
  );

  it(
    "finds every flipped byte of a download",
    async () => {
      const { contextId } = await prepare();
      const { docket, storeProxy } = stage;
      const { jobId } = await docket.exportJobs.create(contextId, EXPORT);
      const { sha256 } = await docket.exportJobs.waitFor(jobId);
      let flipped = 0;
      const faults = alternate(["flip", "truncate", "flip", "cut", 503, "delay"]);
      storeProxy.failRequests({
        ...faults,
        response: () => {
          const fault = faults.response();
          if (fault === "flip") flipped += 1;
          return fault;
        },
      });
      const codes = await runAll(OPERATIONS, async () => {
        try {
          const { stream } = await docket.exportJobs.download(jobId);
          const bytes = Buffer.from(await new Response(stream).arrayBuffer());
          return createHash("sha256").update(bytes).digest("hex") === sha256 ? "intact" : "damaged";
        } catch (error) {
          return isDocketError(error) ? error.code : String(error);
        }
      });
      await storeProxy.pass();
      const count = (code: string): number => codes.filter((each) => each === code).length;
      expect(flipped).toBeGreaterThan(0);
      expect(count("download_corrupt")).toBe(flipped);
      expect(count("damaged")).toBe(0);
      expect(count("intact")).toBeGreaterThan(0);
      expect(count("download_corrupt") + count("network_error") + count("intact")).toBe(OPERATIONS);
    },
    TIMEOUT_MS,
  );
});
