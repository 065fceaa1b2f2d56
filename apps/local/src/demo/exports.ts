import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { addDays, FORMATS, REPORT_TYPES } from "@docket/domain";

import { reach, type Client, type ExportJob } from "@docket/client";
import type { Bar, ExportResult, Progress } from "@docket/terminal";

export type ExportRun = {
  readonly client: Client;
  readonly contextId: string;
  /** Where the files go. */
  readonly files: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** Longer than the contract's retries take is too long for a demo. */
const MOST_MS = 120_000;

/** Orders every report in every format at once, and brings each file home when it is ready. */
export async function exportEverything(run: ExportRun): Promise<readonly ExportResult[]> {
  // The first failure ends the others: nobody waits for eleven good files to hear of a bad one.
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal, AbortSignal.timeout(MOST_MS)]);
  // Twelve jobs listen to it, several times each.
  setMaxListeners(0, signal);
  const wanted = REPORT_TYPES.flatMap((reportType) =>
    Object.keys(FORMATS).map((format) => ({ reportType, format })),
  );
  return Promise.all(
    wanted.map(async ({ reportType, format }) => {
      const bar = run.progress.add(`${reportType} ${format}`);
      try {
        return await exportOne({ ...run, signal }, { reportType, format }, bar);
      } catch (error) {
        bar.update(undefined, "failed");
        failed.abort();
        throw new Error(`${reportType} as ${format}: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }),
  );
}

/** Orders one report, brings its file home and holds it against the digest in its job. */
export async function exportOne(
  { client, contextId, files, signal }: Omit<ExportRun, "progress">,
  { reportType, format }: { readonly reportType: string; readonly format: string },
  bar: Bar,
): Promise<ExportResult> {
  // The widest range that is allowed: all of the demo's three months, whenever they began.
  const dateTo = addDays(new Date().toISOString().slice(0, 10), 1);
  const dateFrom = addDays(dateTo, -365);
  const { jobId } = await client.orderExport(contextId, { reportType, format, dateFrom, dateTo });
  const job = await follow(client, jobId, bar, signal);
  if (job.status !== "SUCCEEDED") {
    throw new Error(`the job ended ${job.status}: ${job.error ?? "no reason given"}`);
  }
  bar.update(99, "downloading", job.recordsWritten);
  const download = await client.download(jobId);
  const got = await fetchFile(download.downloadUrl, join(files, download.fileName), signal);
  if (got.sha256 !== download.sha256)
    throw new Error("the file does not have the SHA-256 promised");
  if (got.bytes !== job.bytesWritten) throw new Error("the file does not have the size promised");
  bar.update(100, "SHA-256 ok", job.recordsWritten);
  return { fileName: download.fileName, rows: job.recordsWritten, ...got };
}

/** Asks as often as the API says, until the job has ended. */
async function follow(
  client: Client,
  jobId: string,
  bar: Bar,
  signal: AbortSignal,
): Promise<ExportJob> {
  for (;;) {
    const { job, retryAfterMs } = await client.exportJob(jobId);
    if (!["QUEUED", "RUNNING"].includes(job.status)) return job;
    bar.update(job.percent ?? 0, job.status.toLowerCase(), job.recordsWritten);
    await sleep(retryAfterMs, undefined, { signal });
  }
}

/** Streams a file to disk and hashes it on the way. */
export async function fetchFile(
  url: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const response = await reach(url, { signal });
  if (!response.ok || response.body === null) {
    throw new Error(`the download answered ${response.status}`);
  }
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(path), { signal });
  return { bytes, sha256: hash.digest("hex") };
}
