import type { ExportJob } from "@docket/client";

import { DataTable, type Column } from "../ui/data-table.tsx";
import { formatCount, formatDays } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ExportAction } from "./export-action.tsx";
import { ExportStatus } from "./export-status.tsx";
import { reportLabel } from "./words.ts";

const COLUMNS: readonly Column<ExportJob>[] = [
  {
    id: "report",
    header: "Report",
    cell: ({ reportType, format, compression }) => (
      <>
        {reportLabel(reportType)}
        <span className="exports__format">
          {format}
          {compression === undefined ? "" : " · gzip"}
        </span>
      </>
    ),
  },
  {
    id: "days",
    header: "Days",
    priority: "low",
    cell: ({ dateFrom, dateTo }) => formatDays(dateFrom, dateTo),
  },
  { id: "status", header: "Status", cell: (job) => <ExportStatus job={job} /> },
  {
    id: "rows",
    header: "Rows",
    align: "end",
    priority: "low",
    cell: ({ recordsWritten, status }) => (status === "QUEUED" ? "–" : formatCount(recordsWritten)),
  },
  {
    id: "by",
    header: "Ordered by",
    priority: "lowest",
    cell: ({ requestedBy }) => <span className="exports__by truncate">{requestedBy}</span>,
  },
  {
    id: "ordered",
    header: "Ordered",
    priority: "low",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} focusable={false} />,
  },
  {
    id: "action",
    header: "Action",
    align: "end",
    isHeaderHidden: true,
    cell: (job) => <ExportAction job={job} />,
  },
];

export function ExportTable({
  jobs,
  openId,
  href,
}: {
  readonly jobs: readonly ExportJob[];
  readonly openId: string | undefined;
  readonly href: (jobId: string) => string;
}) {
  return (
    <DataTable
      label="Exports"
      columns={COLUMNS}
      rows={jobs}
      rowKey={({ id }) => id}
      rowHref={({ id }) => href(id)}
      openKey={openId}
    />
  );
}
