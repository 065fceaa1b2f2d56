import { Readable } from "node:stream";

import { repeat } from "../attacker/repeat.ts";
import type { Attack } from "./attack.ts";
import { postFile, postRecords, transactionLine } from "./calls.ts";

const CHUNK = Buffer.alloc(65_536, "1");
const LINES_PER_CHUNK = 500;

function* endlessFile(): Generator<Buffer> {
  yield Buffer.from("%PDF-");
  for (;;) yield CHUNK;
}

function* endlessRecords(): Generator<string> {
  for (let first = 0; ; first += LINES_PER_CHUNK) {
    const line = (_: unknown, index: number): string => transactionLine(`E${first + index}`);
    yield Array.from({ length: LINES_PER_CHUNK }, line).join("");
  }
}

export const endlessBodies: readonly Attack[] = [
  {
    name: "endless-uploads",
    run: (signal, tenant) =>
      repeat(signal, 20, () =>
        tenant.send(
          postFile(tenant.disputeId, "application/pdf", Readable.from(endlessFile()), "a.pdf"),
        ),
      ),
  },
  {
    name: "endless-loads",
    run: (signal, tenant) =>
      repeat(signal, 8, () => tenant.send(postRecords(tenant, Readable.from(endlessRecords())))),
  },
];
