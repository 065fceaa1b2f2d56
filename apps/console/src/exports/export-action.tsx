import type { ExportJob } from "@docket/client";
import { useState } from "react";

import { useDocket } from "../query/docket-context.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { describeError } from "../ui/states.tsx";
import { toasts } from "../ui/toast.tsx";
import { useCancelExport } from "./queries.ts";
import { isUnfinished } from "./words.ts";

/** The one thing to do with a job in its state. */
export function ExportAction({ job }: { readonly job: ExportJob }) {
  const canWrite = useAllowed("export-job:write");
  if (job.downloadUrl !== undefined) return <DownloadButton job={job} />;
  if (isUnfinished(job.status) && canWrite) return <CancelButton job={job} />;
  return null;
}

function DownloadButton({ job }: { readonly job: ExportJob }) {
  const docket = useDocket();
  const [isBusy, setBusy] = useState(false);
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      // A fresh link for each click: a link expires.
      const { downloadUrl } = await docket.exportJobs.downloadLink(job.id);
      window.location.assign(downloadUrl);
    } catch (error) {
      toasts.add({ title: "The download did not start", description: describeError(error).detail });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon="download" busy={isBusy} onClick={() => void download()}>
      Download
    </Button>
  );
}

function CancelButton({ job }: { readonly job: ExportJob }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useCancelExport();
  const confirm = (): void =>
    cancel.mutate(job.id, {
      onError: (error) =>
        toasts.add({
          title: "The export was not canceled",
          description: describeError(error).detail,
        }),
    });
  return (
    <>
      <Button size="small" look="quiet" busy={cancel.isPending} onClick={() => setAsking(true)}>
        Cancel
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={confirm}
        title="Cancel this export?"
        action="Cancel export"
      >
        What has been written is discarded. You can order the export again.
      </Confirm>
    </>
  );
}
