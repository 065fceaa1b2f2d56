import { createHash } from "node:crypto";

import type { Docket, ExportJob } from "@docket/client";

/** Lines that are not rows. CSV: the header; JSON: `[` and `]`; XML: the declaration and the root element's tags. */
const FRAME_LINES: Readonly<Record<string, number>> = { CSV: 1, JSON: 2, XML: 3, NDJSON: 0 };

const [LINE_FEED, QUOTE] = [0x0a, 0x22];

type Content = { readonly sha256: string; readonly bytes: number; readonly lines: number };

/** Downloads the file of a SUCCEEDED job and compares it with the job. @returns one sentence per difference */
export async function verifyFile(
  client: Docket,
  job: ExportJob,
  signal: AbortSignal,
): Promise<string[]> {
  const { sha256, stream } = await client.exportJobs.download(job.id, { signal });
  const content = await readContent(stream, job.format);
  const rows = content.lines - FRAME_LINES[job.format]!;
  const faults: string[] = [];
  if (content.sha256 !== sha256) faults.push("the SHA-256 of the file differs from the download's");
  if (sha256 !== job.sha256) faults.push("the SHA-256 of the download differs from the job's");
  if (content.bytes !== job.bytesWritten) {
    faults.push(`the file has ${content.bytes} bytes instead of ${job.bytesWritten}`);
  }
  if (rows !== job.recordsWritten) {
    faults.push(`the file has ${rows} rows instead of ${job.recordsWritten}`);
  }
  return faults;
}

async function readContent(body: AsyncIterable<Uint8Array>, format: string): Promise<Content> {
  const hash = createHash("sha256");
  let [bytes, lines] = [0, 0];
  // Only CSV values contain line breaks, and such values are quoted. A doubled quote toggles this twice.
  let quoted = false;
  for await (const chunk of body) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const byte of chunk) {
      if (byte === QUOTE && format === "CSV") quoted = !quoted;
      if (byte === LINE_FEED && !quoted) lines += 1;
    }
  }
  return { sha256: hash.digest("hex"), bytes, lines };
}
