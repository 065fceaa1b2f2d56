import { isDocketError, type ExportJob } from "@docket/client";
import { useEffect } from "react";
import { useLocation } from "wouter";

import { contextPath } from "../app/paths.ts";
import { toasts } from "../ui/toast.ts";
import { useExport } from "./queries.ts";
import { unwatchExport, useWatchedExports } from "./watched.ts";
import { isUnfinished, reportLabel } from "./words.ts";

/** Tells on every screen when an export that was ordered here has ended. */
export const ExportWatcher = () =>
  useWatchedExports().map((jobId) => <Watch key={jobId} jobId={jobId} />);

function Watch({ jobId }: { readonly jobId: string }) {
  const { data: job, error } = useExport(jobId);
  const [, navigate] = useLocation();
  useEffect(() => {
    // It has expired, or been erased.
    if (isDocketError(error, "not_found")) unwatchExport(jobId);
  }, [error, jobId]);
  useEffect(() => {
    if (job === undefined || isUnfinished(job.status)) return;
    unwatchExport(jobId);
    if (job.status === "CANCELED") return;
    const open = (): void => navigate(contextPath(job.contextId, "exports", jobId));
    toasts.add({ ...message(job), actionProps: { children: "Show export", onClick: open } });
  }, [job, jobId, navigate]);
  return null;
}

function message({ status, reportType, format, error }: ExportJob) {
  const name = `${reportLabel(reportType)} · ${format}`;
  return status === "FAILED"
    ? { title: `${name} failed`, description: error }
    : { title: `${name} is ready` };
}
