import { Readable } from "node:stream";
import { withTenant, type Database } from "@docket/platform/database";
import type { Actor } from "@docket/platform/rows";
import type { Storage } from "@docket/platform/storage";
import { fileFormats } from "@docket/reports";
import {
  findDispute,
  recordDisputeEvent,
  withEvidence,
  type EvidenceRow,
  type FullDispute,
} from "../disputes/service.ts";
import { disputeEventView, versionView } from "../disputes/view.ts";
import { fileOf, type EvidenceFile } from "../evidence/file.ts";
import { storageNotConfigured } from "../exports/service.ts";
import { zipOf, type ZipEntry } from "./zip.ts";

type Tools = {
  readonly database: Pick<Database, "prisma" | "transaction">;
  readonly storage: Storage | undefined;
};

/**
 * Streams the archive of a dispute (docs/api.md §8) and records an event. Everything in it is of the version that the dispute
 * has now: later events and evidence are left out.
 *
 * @throws DocketError `not_found`; `storage_not_configured` if there are files.
 */
export async function archiveDispute(
  { database, storage }: Tools,
  disputeId: string,
  by: Actor,
  now: Date,
): Promise<Readable> {
  // In one transaction, which an erasure waits for: otherwise the event could repeat texts that were erased after they were read.
  const { dispute, files } = await database.transaction(async (tx) => {
    const found = await withEvidence(tx, await findDispute(tx, disputeId));
    const entries = fileEntries(found, storage);
    await recordDisputeEvent(tx, by, "dispute.archived", found, { at: now });
    return { dispute: found, files: entries };
  });
  return zipOf([
    { name: "dispute.json", open: async () => textStream([JSON.stringify(versionView(dispute))]) },
    { name: "history.json", open: async () => textStream(historyOf(database.prisma, dispute)) },
    ...files,
    { name: "links.csv", open: async () => textStream(linksOf(dispute.evidence)) },
  ]);
}

const textStream = (parts: Iterable<string> | AsyncIterable<string>): Readable =>
  Readable.from(parts, { objectMode: false });

/** The uploaded files in the order in which they were submitted: `evidence/01-statement.pdf`, … */
function fileEntries({ evidence }: FullDispute, storage: Storage | undefined): readonly ZipEntry[] {
  const files = evidence.map(fileOf).filter((file) => file !== undefined);
  if (files.length === 0) return [];
  if (storage === undefined) throw storageNotConfigured();
  return files.map(({ key, fileName, sha256 }: EvidenceFile, index) => ({
    name: `evidence/${String(index + 1).padStart(2, "0")}-${fileName}`,
    open: () => storage.read(key),
    sha256,
  }));
}

/** Events per query. */
const BATCH = 100;

/** The history as a JSON array, in parts. */
async function* historyOf(
  prisma: Database["prisma"],
  { row }: FullDispute,
): AsyncGenerator<string> {
  // The stream is read after the request's own scope has ended.
  const tenantId = row.tenantId;
  let after = 0;
  yield "[";
  for (;;) {
    const version = { gt: after, lte: row.version };
    const events = await withTenant(tenantId, () =>
      prisma.disputeEvent.findMany({
        where: { disputeId: row.id, version },
        orderBy: { version: "asc" },
        take: BATCH,
      }),
    );
    const texts = events.map((event) => JSON.stringify(disputeEventView(event)));
    if (texts.length > 0) yield `${after === 0 ? "" : ","}${texts.join(",")}`;
    if (events.length < BATCH) break;
    after = events.at(-1)!.version;
  }
  yield "]";
}

const LINK_COLUMNS = [
  "evidence_id",
  "file_url",
  "comment",
  "kind",
  "submitted_by",
  "submitted_at",
] as const;

/** The evidence given by URL, as CSV with the rules of export files (docs/api.md §3). */
function* linksOf(evidence: readonly EvidenceRow[]): Generator<string> {
  yield `${LINK_COLUMNS.join(",")}\n`;
  for (const { id, fileUrl, comment, kind, submittedBy, submittedAt } of evidence) {
    if (fileUrl === null) continue;
    const cells = [id, fileUrl, comment, kind, submittedBy, submittedAt.toISOString()];
    yield `${cells.map(fileFormats.CSV.text.escape).join(",")}\n`;
  }
}
