import { createHash } from "node:crypto";
import {
  canonicalJson,
  CHAIN_START,
  dataHashOf,
  eventHashOf,
  verifyEvent,
  type FeedEvent,
} from "../../src/index.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Its hashes were computed with Python's hashlib and json. */
const FIRST: FeedEvent = {
  id: "018f0000-0000-7000-8000-000000000001",
  seq: 1,
  type: "dispute.created",
  subject: "/v1/disputes/a",
  actor: "alice",
  at: "2026-01-02T03:04:05.678Z",
  requestId: "r-1",
  data: { note: "café", id: "a", amount: "10.50" },
  salt: "00112233445566778899aabbccddeeff",
  dataHash: "e9e3d1e8a7fe33d0af9521a4593f9485e9a783d181b3f0b357993443937d1d5c",
  hash: "1504e52e0fb97b8b06e5bfe87c4203722700bf555f7cca6c72eb7df714bf5bac",
};

const SECOND: FeedEvent = (() => {
  const { requestId: _, ...rest } = { ...FIRST, seq: 2, data: {}, salt: "ff".repeat(16) };
  const event = { ...rest, dataHash: dataHashOf(sha256, rest.salt, canonicalJson({})) };
  return { ...event, hash: eventHashOf(sha256, FIRST.hash, event) };
})();

const HEAD = { seq: 1, hash: FIRST.hash };

it("hashes data and events as docs/api.md §9 defines", () => {
  expect(verifyEvent(sha256, CHAIN_START, FIRST)).toEqual(HEAD);
  expect(verifyEvent(sha256, HEAD, SECOND)).toEqual({ seq: 2, hash: SECOND.hash });
});

it("verifies an event whose data was erased", () => {
  expect(verifyEvent(sha256, CHAIN_START, { ...FIRST, data: null, salt: null })).toEqual(HEAD);
});

it.each([
  ["a field", { actor: "bob" }, 1],
  ["an added field", { requestId: undefined }, 1],
  ["the data", { data: { ...(FIRST.data as object), amount: "10.51" } }, 1],
  ["the data and its hash", { data: {}, dataHash: SECOND.dataHash, salt: SECOND.salt }, 1],
  ["the salt", { salt: "ff".repeat(16) }, 1],
  ["the hash", { hash: SECOND.hash }, 1],
  ["only the data", { data: null }, 1],
])("reports the event in which %s was changed", (_, change, seq) => {
  const changed = { ...FIRST, ...change } as FeedEvent;
  expect(verifyEvent(sha256, CHAIN_START, changed)).toEqual({ seq, fault: expect.any(String) });
});

it("reports an event that is missing, and one that follows another chain", () => {
  expect(verifyEvent(sha256, CHAIN_START, SECOND)).toMatchObject({
    seq: 1,
    fault: expect.stringMatching(/missing/),
  });
  const other = { seq: 1, hash: "ab".repeat(32) };
  expect(verifyEvent(sha256, other, SECOND)).toMatchObject({
    seq: 2,
    fault: expect.stringMatching(/hash/),
  });
});
