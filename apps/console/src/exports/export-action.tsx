import type { ExportJob } from "@docket/client";
import { useState } from "react";

import { contextPath, withQuery } from "../app/paths.ts";
import { useDocket } from "../query/docket-context.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { useDownload } from "../query/download.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { useCancelExport } from "./queries.ts";
import { isUnfinished } from "./words.ts";

/** The one thing to do with a job in its state. */
export function ExportAction({ job }: { readonly job: ExportJob }) {
  const canWrite = useAllowed("export-job:write");
  if (job.downloadUrl !== undefined) return <DownloadButton job={job} />;
  if (!canWrite) return null;
  if (isUnfinished(job.status)) return <CancelButton job={job} />;
  const href = withQuery(contextPath(job.contextId, "exports"), { order: job.id });
  return (
    <ButtonLink href={href} size="small" icon="refresh">
      <span className="export-action__label">Order again</span>
    </ButtonLink>
  );
}

function DownloadButton({ job }: { readonly job: ExportJob }) {
  const docket = useDocket();
  const { isBusy, download } = useDownload(() => docket.exportJobs.downloadLink(job.id));
  return (
    <Button size="small" icon="download" busy={isBusy} onClick={download}>
      <span className="export-action__label">Download</span>
    </Button>
  );
}

function CancelButton({ job }: { readonly job: ExportJob }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancelExport();
  return (
    <>
      <Button
        size="small"
        look="quiet"
        icon="x"
        busy={cancel.isPending}
        onClick={() => setAsking(true)}
      >
        <span className="export-action__label">Cancel</span>
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.submit(job.id)}
        title="Cancel this export?"
        action="Cancel export"
        dismissal="Keep export"
      >
        What has been written is discarded. You can order the export again.
      </Confirm>
    </>
  );
}
