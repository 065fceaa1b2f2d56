import { gzipSync } from "node:zlib";

import { repeat } from "../attacker/repeat.ts";
import type { Attack } from "./attack.ts";
import { postRecords, transactionLine } from "./calls.ts";

const MEMBER_BYTES = 16 * 1_048_576;
const MEMBERS = 64;

/** 1 GiB of one character. A gzip stream may have several members, one after another. */
function bombOf(character: string, head = ""): Buffer {
  const member = gzipSync(Buffer.alloc(MEMBER_BYTES, character));
  return Buffer.concat([gzipSync(head), ...Array.from({ length: MEMBERS }, () => member)]);
}

const HEADERS = { "content-type": "application/x-ndjson", "content-encoding": "gzip" } as const;

const bomb = (name: string, makeBody: () => Buffer): Attack => ({
  name,
  run: (signal, tenant) => {
    const body = makeBody();
    return repeat(signal, 8, () => tenant.send(postRecords(tenant, body, HEADERS)));
  },
});

export const gzipBombs: readonly Attack[] = [
  bomb("gzip-zeros", () => bombOf("\0")),
  bomb("gzip-endless-line", () => bombOf("x", '{"source":"')),
  bomb("gzip-empty-lines", () => bombOf("\n", transactionLine("1"))),
];
