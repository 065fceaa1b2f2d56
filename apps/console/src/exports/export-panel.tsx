import type { ExportJob } from "@docket/client";

import { ShortId } from "../ui/copy.tsx";
import { formatBytes, formatCount, formatDays } from "../ui/format.ts";
import { Facts, Panel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { ExportAction } from "./export-action.tsx";
import { ExportStatus } from "./export-status.tsx";
import { useExport } from "./queries.ts";
import { VerifyFile } from "./verify-file.tsx";
import { isUnfinished, reportLabel } from "./words.ts";

/** All about one export. */
export function ExportPanel({
  jobId,
  closeHref,
}: {
  readonly jobId: string;
  readonly closeHref: string;
}) {
  const { data: job, error } = useExport(jobId);
  const title = job === undefined ? "Export" : `${reportLabel(job.reportType)} · ${job.format}`;
  return (
    <Panel title={title} closeHref={closeHref} backLabel="Exports">
      {error !== null && <InlineProblem error={error} />}
      {job === undefined && error === null && <Skeleton />}
      {job !== undefined && <Details job={job} />}
    </Panel>
  );
}

function Details({ job }: { readonly job: ExportJob }) {
  return (
    <>
      <section>
        <div className="export-panel__head">
          <ExportStatus job={job} />
          <ExportAction job={job} />
        </div>
        {job.error !== undefined && <p className="text">{job.error}</p>}
      </section>
      <section>
        <h3>Order</h3>
        <Facts facts={orderFacts(job)} />
      </section>
      {(job.fileName !== undefined || isUnfinished(job.status)) && (
        <section>
          <h3>File</h3>
          <Facts facts={fileFacts(job)} />
          {job.sha256 !== undefined && <VerifyFile job={job} />}
        </section>
      )}
    </>
  );
}

const orderFacts = (job: ExportJob) => ({
  Export: <ShortId value={job.id} label="export ID" />,
  Report: reportLabel(job.reportType),
  Days: formatDays(job.dateFrom, job.dateTo),
  "Time zone": job.timeZone ?? "UTC",
  Columns: job.columns?.join(", ") ?? "All",
  "Ordered by": job.requestedBy,
  Ordered: <RelativeTime at={job.createdAt} />,
});

const fileFacts = (job: ExportJob) => ({
  Name: job.fileName,
  Rows: rows(job),
  Size: formatBytes(job.bytesWritten),
  "Data as of": job.asOf === undefined ? undefined : <RelativeTime at={job.asOf} />,
  Finished: job.finishedAt === undefined ? undefined : <RelativeTime at={job.finishedAt} />,
  Expires: job.expiresAt === undefined ? undefined : <RelativeTime at={job.expiresAt} />,
  "SHA-256": job.sha256 === undefined ? undefined : digest(job.sha256),
  "SHA-256 of the content":
    job.contentSha256 === undefined ? undefined : digest(job.contentSha256, "of the content"),
});

const digest = (sha256: string, of = "") => (
  <ShortId value={sha256} label={`SHA-256 ${of}`.trim()} head={8} tail={8} />
);

const rows = ({ recordsWritten, recordsExpected }: ExportJob): string =>
  recordsExpected === undefined
    ? formatCount(recordsWritten)
    : `${formatCount(recordsWritten)} of ${formatCount(recordsExpected)}`;
