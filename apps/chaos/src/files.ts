import { createHash } from "node:crypto";

import { fetchOrExplain, type Client, type ExportJob } from "@docket/client";

/** Lines around the rows: a header; `[` and `]`; declaration, root and its end. */
const LINES_AROUND: Readonly<Record<string, number>> = { CSV: 1, JSON: 2, XML: 3 };

const [LINE_FEED, QUOTE] = [0x0a, 0x22];

/** Downloads a SUCCEEDED job's file and compares it with what the API says of it; answers with what does not agree. */
export async function checkFile(
  client: Client,
  job: ExportJob,
  signal: AbortSignal,
): Promise<string[]> {
  const { downloadUrl, sha256 } = await client.download(job.id);
  const response = await fetchOrExplain(downloadUrl, { signal });
  if (!response.ok || response.body === null) return [`the download answered ${response.status}`];
  const hash = createHash("sha256");
  let [bytes, lines] = [0, 0];
  // Only CSV has line breaks inside of a value, which is then quoted; a doubled quote turns it off and on.
  let quoted = false;
  for await (const chunk of response.body) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const byte of chunk) {
      if (byte === QUOTE && job.format === "CSV") quoted = !quoted;
      if (byte === LINE_FEED && !quoted) lines += 1;
    }
  }
  const rows = lines - LINES_AROUND[job.format]!;
  const faults: string[] = [];
  if (hash.digest("hex") !== sha256) faults.push("the file has another SHA-256");
  if (sha256 !== job.sha256) faults.push("job and download name different SHA-256s");
  if (bytes !== job.bytesWritten) faults.push(`${bytes} bytes instead of ${job.bytesWritten}`);
  if (rows !== job.recordsWritten) faults.push(`${rows} rows instead of ${job.recordsWritten}`);
  return faults;
}
