import { Button, IconButton } from "../../ui/button.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Progress } from "../../ui/progress.tsx";
import { dismissUpload, retryUpload, useUploads, type Upload } from "./uploads.ts";

/** The files on their way, each with its progress. */
export function UploadList({ disputeId }: { readonly disputeId: string }) {
  const uploads = useUploads(disputeId);
  if (uploads.length === 0) return null;
  return (
    <ul className="staged" aria-label="Uploads">
      {uploads.map((upload) => (
        <li key={upload.id} className="staged__file">
          <div className="file-row">
            <Icon name={upload.state === "failed" ? "alert" : "upload"} />
            <span className="file-row__name truncate" title={upload.file.name}>
              {upload.file.name}
            </span>
            <span className="small secondary">{progressText(upload)}</span>
          </div>
          {upload.state === "failed" ? (
            <Failed upload={upload} />
          ) : (
            <Progress
              value={(upload.sentBytes / upload.file.size) * 100}
              label={`Upload of ${upload.file.name}`}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function Failed({ upload: { id, fault, file } }: { readonly upload: Upload }) {
  return (
    <div className="file-row">
      <p className="field__error file-row__name text" role="alert">
        {fault}
      </p>
      <Button size="small" icon="refresh" onClick={() => retryUpload(id)}>
        Try again
      </Button>
      <IconButton label={`Remove ${file.name}`} icon="x" onClick={() => dismissUpload(id)} />
    </div>
  );
}

function progressText({ state, sentBytes, file }: Upload): string {
  if (state === "waiting") return "Waiting";
  if (state === "failed") return "Not uploaded";
  const sent = Math.min(sentBytes, file.size);
  return sent === file.size ? "Checking" : `${formatBytes(sent)} of ${formatBytes(file.size)}`;
}
