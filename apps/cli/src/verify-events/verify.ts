import { createHash } from "node:crypto";
import type { Docket } from "@docket/client";
import { CHAIN_START, verifyEvent, type ChainFault, type ChainHead } from "@docket/domain";

/** The events between `first` and the head are unchanged. */
export type VerifiedFeed = { readonly first: number; readonly head: ChainHead };

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/**
 * Reads the feed of events and recomputes its chain of hashes (docs/api.md §9).
 *
 * @param kept a head that was kept earlier: the feed must still contain it, or begin right after it.
 * @returns what was verified, or the first fault.
 * @throws DocketError if the API refuses a request or does not respond.
 */
export async function verifyFeed(
  { events }: Docket,
  kept?: ChainHead,
): Promise<VerifiedFeed | ChainFault> {
  const head = await events.head();
  const { oldest } = head;
  const start = oldest.seq === 0 ? CHAIN_START : { seq: oldest.seq - 1, hash: oldest.previousHash };
  if (kept !== undefined && kept.seq < start.seq) {
    // Nothing in the feed depends on it, so that the feed proves nothing about it.
    const fault = `is a head that cannot be verified, because the feed begins with event ${start.seq + 1}`;
    return { seq: kept.seq, fault };
  }
  let last: ChainHead = start;
  for (let hasMore = true; hasMore;) {
    const faultOfHead = compare(last, kept) ?? compare(last, head);
    if (faultOfHead !== undefined) return faultOfHead;
    const page = await events.page({ limit: 200, after: last.seq });
    for (const event of page.items) {
      const next = verifyEvent(sha256, last, event);
      if ("fault" in next) return next;
      last = next;
      const fault = compare(last, kept) ?? compare(last, head);
      if (fault !== undefined) return fault;
    }
    ({ hasMore } = page);
  }
  const missing = [kept, head].find((each) => each !== undefined && each.seq > last.seq);
  if (missing !== undefined) return { seq: last.seq + 1, fault: "is missing from the feed" };
  return { first: start.seq + 1, head: last };
}

const compare = (last: ChainHead, known: ChainHead | undefined): ChainFault | undefined =>
  known !== undefined && known.seq === last.seq && known.hash !== last.hash
    ? { seq: last.seq, fault: `has another hash than the head ${known.seq}:${known.hash}` }
    : undefined;
