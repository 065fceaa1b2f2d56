import { Readable } from "node:stream";

import { repeat } from "../attacker/repeat.ts";
import type { Attack } from "./attack.ts";
import { postFile, postRecords, transactionLine } from "./calls.ts";

const CHUNK = Buffer.alloc(65_536, "1");
const LINES_PER_CHUNK = 500;

/** A stream that never ends; `next` makes its chunks. */
const endless = (next: (number: number) => Buffer | string): Readable => {
  let number = 0;
  return new Readable({
    read() {
      // An API that reads faster than this writes would otherwise keep the thread from ever reading an answer.
      const chunk = next(number);
      number += 1;
      setImmediate(() => this.push(chunk));
    },
  });
};

const endlessFile = (): Readable =>
  endless((number) => (number === 0 ? Buffer.from("%PDF-") : CHUNK));

const endlessRecords = (): Readable =>
  endless((number) => {
    const line = (_: unknown, index: number): string =>
      transactionLine(`E${number * LINES_PER_CHUNK + index}`);
    return Array.from({ length: LINES_PER_CHUNK }, line).join("");
  });

export const endlessBodies: readonly Attack[] = [
  {
    name: "endless-uploads",
    run: (signal, tenant) =>
      repeat(signal, 20, () =>
        tenant.send(postFile(tenant.disputeId, "application/pdf", endlessFile(), "a.pdf")),
      ),
  },
  {
    name: "endless-loads",
    run: (signal, tenant) =>
      repeat(signal, 8, () => tenant.send(postRecords(tenant, endlessRecords()))),
  },
];
