import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CHAIN_START,
  canonicalJson,
  dataHashOf,
  eventHashOf,
  type ChainHead,
  type FeedEvent,
} from "@docket/domain";
import { createDocket, type Docket } from "@docket/client";
import { verifyFeed } from "../../src/verify-events/verify.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A chain of events that begins after `start`. */
function chainOf(count: number, start: ChainHead = CHAIN_START): FeedEvent[] {
  const events: FeedEvent[] = [];
  for (let seq = start.seq + 1; seq <= start.seq + count; seq++) {
    const data = { seq };
    const salt = "ab".repeat(16);
    const dataHash = dataHashOf(sha256, salt, canonicalJson(data));
    const about = { subject: "/v1/x", actor: "a", at: "2026-01-01T00:00:00.000Z" };
    const event = { id: String(seq), seq, type: "context.created", ...about, dataHash };
    const hash = eventHashOf(sha256, events.at(-1)?.hash ?? start.hash, event);
    events.push({ ...event, data, salt, hash });
  }
  return events;
}

let server: Server;
let feed: Docket;
/** What the API of the current test serves. */
let events: FeedEvent[];
let oldest: { seq: number; previousHash: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    const { seq, hash } = events.at(-1) ?? CHAIN_START;
    const after = Number(url.searchParams.get("after"));
    const rest = events.filter((event) => event.seq > after);
    const page = { items: rest.slice(0, 2), hasMore: rest.length > 2 };
    const head = { seq, hash, oldest };
    response.end(JSON.stringify(url.pathname === "/v1/events/head" ? head : page));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  feed = createDocket({ baseUrl, token: "t" });
});
afterAll(() => server.close());
beforeEach(() => {
  events = chainOf(5);
  oldest = { seq: 1, previousHash: CHAIN_START.hash };
});

const headOf = ({ seq, hash }: FeedEvent): ChainHead => ({ seq, hash });

it("verifies a feed page by page, and a head that was kept", async () => {
  const verified = { first: 1, head: headOf(events[4]!) };
  expect(await verifyFeed(feed)).toEqual(verified);
  expect(await verifyFeed(feed, headOf(events[2]!))).toEqual(verified);
});

it("starts at the oldest event that is kept", async () => {
  oldest = { seq: 3, previousHash: events[1]!.hash };
  events = events.slice(2);
  expect(await verifyFeed(feed)).toMatchObject({ first: 3, head: { seq: 5 } });
});

it("does not verify a head that is older than the feed", async () => {
  const [, second, third, fourth] = events.map(headOf);
  oldest = { seq: 4, previousHash: third!.hash };
  events = events.slice(3);
  expect(await verifyFeed(feed, third)).toMatchObject({ first: 4 });
  expect(await verifyFeed(feed, fourth)).toMatchObject({ first: 4 });
  expect(await verifyFeed(feed, second)).toMatchObject({
    seq: 2,
    fault: expect.stringContaining("begins with event 4") as string,
  });
});

it("verifies a feed without events", async () => {
  events = [];
  oldest = { seq: 0, previousHash: CHAIN_START.hash };
  expect(await verifyFeed(feed)).toEqual({ first: 1, head: CHAIN_START });
});

it("names the first event that was changed", async () => {
  events[3] = { ...events[3]!, actor: "mallory" };
  expect(await verifyFeed(feed)).toMatchObject({ seq: 4 });
});

it("finds a feed that was rewritten or cut off since a head was kept", async () => {
  const kept = headOf(events[4]!);
  events = chainOf(7, { seq: 0, hash: "ab".repeat(32) });
  oldest = { seq: 1, previousHash: "ab".repeat(32) };
  expect(await verifyFeed(feed, kept)).toMatchObject({ seq: 5 });
  events = chainOf(4);
  oldest = { seq: 1, previousHash: CHAIN_START.hash };
  expect(await verifyFeed(feed, kept)).toMatchObject({ seq: 5, fault: "is missing from the feed" });
});
