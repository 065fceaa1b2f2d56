import { canonicalJson } from "./canonical-json.ts";

/*
 * The chain of hashes that makes the feed tamper-evident (docs/api.md §9). Each event's hash covers the hash of the event before it,
 * so the newest hash proves that no earlier event was changed, removed or inserted.
 */

/** Returns the SHA-256 of the UTF-8 encoding of a text, in lower-case hex. */
export type Sha256 = (text: string) => string;

/** An event as the feed shows it. */
export type FeedEvent = {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly requestId?: string;
  /** Null, like `salt`, if it was erased or if the reader may not see it. */
  readonly data: unknown;
  readonly salt: string | null;
  readonly dataHash: string;
  readonly hash: string;
};

/** What stands before the first event. */
const FIRST_PREVIOUS_HASH = "0".repeat(64);

/** @param data in canonical JSON. */
export const dataHashOf = (sha256: Sha256, salt: string, data: string): string =>
  sha256(`${salt}\n${data}`);

export function eventHashOf(
  sha256: Sha256,
  previousHash: string,
  event: Omit<FeedEvent, "data" | "salt" | "hash">,
): string {
  const { id, seq, type, subject, actor, at, requestId, dataHash } = event;
  const hashed = { id, seq, type, subject, actor, at, requestId, dataHash };
  return sha256(`${previousHash}\n${canonicalJson(hashed)}`);
}

/** A place in the chain: the number and the hash of an event. The next event continues there. */
export type ChainHead = { readonly seq: number; readonly hash: string };

export const CHAIN_START: ChainHead = { seq: 0, hash: FIRST_PREVIOUS_HASH };

/** Why an event does not continue the chain. */
export type ChainFault = { readonly seq: number; readonly fault: string };

/**
 * Verifies that `event` continues the chain after `previous`. Events whose data is null are verified without it: erasure leaves
 * `dataHash`, which the chain covers.
 *
 * @returns the head after the event, or the fault.
 */
export function verifyEvent(
  sha256: Sha256,
  previous: ChainHead,
  event: FeedEvent,
): ChainHead | ChainFault {
  const { seq, data, salt, dataHash, hash } = event;
  const expected = previous.seq + 1;
  if (seq !== expected) return { seq: expected, fault: `is missing: event ${seq} follows` };
  if ((data === null) !== (salt === null))
    return { seq, fault: "has data without salt or salt without data" };
  if (salt !== null && dataHashOf(sha256, salt, canonicalJson(data)) !== dataHash)
    return { seq, fault: "has data that does not match its dataHash" };
  if (eventHashOf(sha256, previous.hash, event) !== hash)
    return { seq, fault: "has a hash that does not match it and the event before it" };
  return { seq, hash };
}
