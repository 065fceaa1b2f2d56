import type { ExportJob } from "@docket/client";

import { Badge } from "../ui/badge.tsx";
import { useNow } from "../ui/clock.ts";
import { formatBytes, formatCount, formatDuration, formatRelative } from "../ui/format.ts";
import { Progress } from "../ui/progress.tsx";
import { progressOf } from "./progress.ts";
import { statusWords } from "./words.ts";

/** The state of a job, and the one thing to know about it. */
export function ExportStatus({ job }: { readonly job: ExportJob }) {
  const { label, tone, icon } = statusWords(job.status);
  if (job.status === "RUNNING") return <Running job={job} />;
  return (
    <span className="export-status">
      <Badge tone={tone} icon={icon}>
        {label}
      </Badge>
      <Note job={job} />
    </span>
  );
}

function Running({ job }: { readonly job: ExportJob }) {
  const now = useNow();
  const { percent, rowsPerSecond, millisecondsLeft } = progressOf(job, now);
  const left = millisecondsLeft === undefined ? "" : `, ${formatDuration(millisecondsLeft)} left`;
  const rate = rowsPerSecond === undefined ? "Running" : formatRate(rowsPerSecond);
  return (
    <span className="export-status export-status--running">
      <Progress value={percent} label="Progress of the export" />
      <span className="small secondary">
        {rate}
        {left}
      </span>
    </span>
  );
}

const formatRate = (rowsPerSecond: number): string =>
  rowsPerSecond < 1_000
    ? `${formatCount(Math.round(rowsPerSecond))} rows/s`
    : `${Math.round(rowsPerSecond / 1_000)} k rows/s`;

function Note({ job }: { readonly job: ExportJob }) {
  // In the same steps as the exact time in the details, which would otherwise differ by a day.
  const now = useNow(10_000);
  const { status, bytesWritten, expiresAt, error } = job;
  const note =
    status === "SUCCEEDED" && expiresAt !== undefined
      ? `${formatBytes(bytesWritten)}, expires ${formatRelative(expiresAt, now)}`
      : status === "FAILED"
        ? error
        : undefined;
  if (note === undefined) return null;
  return (
    <span className="small secondary truncate export-status__note" title={note}>
      {note}
    </span>
  );
}
