import { randomUUID } from "node:crypto";

import { waitFor } from "@docket/testing";

import { createDocket, type Event, type FollowOptions, type FollowStatus } from "../src/index.ts";
import { createClientStage, EXPORT, seedContext, type ClientStage } from "./support/stage.ts";

let stage: ClientStage;
let contextId: string;

beforeAll(async () => {
  stage = await createClientStage();
  contextId = await seedContext(stage.direct, 10);
});
afterAll(() => stage.close());

type Fetch = typeof globalThis.fetch;

/** A client whose streams of events go through `open`. */
const clientWith = (open: Fetch) => {
  const fetch: Fetch = (url, init) =>
    ((url as string).includes("/v1/events/stream") ? open : globalThis.fetch)(url, init);
  return createDocket({ baseUrl: stage.direct.baseUrl, token: stage.token, fetch });
};

/** Reads events until it is stopped. */
function follow({ events } = stage.docket, options: FollowOptions = {}) {
  const controller = new AbortController();
  const seen: Event[] = [];
  const statuses: FollowStatus[] = [];
  const { signal } = controller;
  const onStatus = (status: FollowStatus): void => void statuses.push(status);
  const reading = (async () => {
    for await (const event of events.follow({ ...options, signal, onStatus })) seen.push(event);
  })().catch((error: unknown) => error);
  return {
    seen,
    statuses,
    stop: async () => {
      controller.abort("stopped");
      expect(await reading).toBe("stopped");
    },
  };
}

const addContexts = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    await stage.direct.contexts.create({ name: randomUUID() });
  }
};

const feedFrom = async (after: number): Promise<readonly Event[]> =>
  (await stage.direct.events.page({ after, limit: 200 })).items;

/** Longer than the 45 s after which a silent stream counts as broken. */
const BREAKAGE = { timeoutMs: 90_000 };

it("follows events through broken connections, in order and each once", async () => {
  const { seq: start } = await stage.direct.events.head();
  const { seen, statuses, stop } = follow(stage.docket, { after: start });
  for (const breakOff of [
    async () => stage.apiProxy.cutAfter(700),
    async () => stage.apiProxy.refuse(),
    async () => stage.apiProxy.cutAfter(1_900),
  ]) {
    await waitFor(() => statuses.at(-1) === "live", BREAKAGE);
    await addContexts(3);
    await breakOff();
    await addContexts(3);
    await stage.apiProxy.pass();
  }
  await addContexts(1);
  await waitFor(
    async () => seen.length === (await feedFrom(start)).length && seen.length >= 19,
    BREAKAGE,
  );
  expect(seen).toEqual(await feedFrom(start));
  await stop();
});

it("filters by type and subject, as the feed does", async () => {
  const created = await stage.direct.contexts.create({ name: randomUUID() });
  const subject = `/v1/contexts/${created.id}`;
  const { seen, statuses, stop } = follow(stage.direct, {
    after: 0,
    type: ["context.*", "source.*"],
    subject,
  });
  await waitFor(() => statuses.includes("live"));
  await stage.direct.sources.create(created.id, { name: "Bank", type: "BANK", side: "LEFT" });
  await addContexts(1);
  await waitFor(() => seen.length === 2);
  expect(seen.map(({ type }) => type)).toEqual(["context.created", "source.created"]);
  await stop();
});

it("continues after the events that its filter skips", async () => {
  const asked: number[] = [];
  const client = clientWith((_, init) => {
    asked.push(Number(new Headers(init?.headers).get("last-event-id")));
    return Promise.reject(new TypeError("cut"));
  });
  const { seen, stop } = follow(client, { after: 0, type: ["webhook.*"] });
  await addContexts(2);
  const { seq } = await stage.direct.events.head();
  await waitFor(() => asked.at(-1)! >= seq);
  expect(seen).toEqual([]);
  await stop();
});

const headers = { "content-type": "text/html" };
const FAULTS: readonly (readonly [string, Fetch])[] = [
  ["refused", async () => new Response("{}", { status: 403 })],
  ["limited", async () => new Response("{}", { status: 429, headers: { "retry-after": "60" } })],
  ["answered by something else", async () => new Response("<html>", { headers })],
  ["cut at once", () => Promise.reject(new TypeError("cut"))],
  [
    "not answered",
    (_, init) =>
      new Promise((_resolve, reject) => {
        init!.signal!.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  ],
];

it.each(FAULTS)("waits for an export by polling when the stream is %s", async (_, open) => {
  const { exportJobs } = clientWith(open);
  const { jobId } = await exportJobs.create(contextId, EXPORT);
  expect(await exportJobs.waitFor(jobId)).toMatchObject({ status: "SUCCEEDED" });
});

it("follows the feed while the stream is refused", async () => {
  const { seen, statuses, stop } = follow(clientWith(FAULTS[0]![1]));
  await waitFor(() => statuses.length > 0);
  await addContexts(2);
  await waitFor(() => seen.length === 2);
  expect(statuses).toEqual(["polling"]);
  await stop();
});

it("ends when the token is refused", async () => {
  const { baseUrl } = stage.direct;
  const refused = createDocket({ baseUrl, token: "t" }).events.follow({ after: 0 });
  await expect(refused.next()).rejects.toMatchObject({ status: 401 });
});

it("waits for exports by one stream, without polling", async () => {
  const opened: number[] = [];
  const { exportJobs } = clientWith(async (url, init) => {
    const response = await globalThis.fetch(url, init);
    opened.push(response.status);
    return response;
  });
  const orders = await Promise.all(
    Array.from({ length: 30 }, () => exportJobs.create(contextId, EXPORT)),
  );
  const jobs = await Promise.all(orders.map(({ jobId }) => exportJobs.waitFor(jobId)));
  expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
  expect(opened[0]).toBe(200);
});
