import { useState } from "react";

import { useDocket } from "../../query/docket-context.tsx";
import { useDownload } from "../../query/download.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { ShortId } from "../../ui/copy.tsx";
import { formatBytes, sentenceCase } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { safeLink, typeLabel, type Evidence } from "./evidence-file.ts";
import { canPreview, Preview } from "./preview.tsx";

/** A file or a link, and what it shows. */
export function EvidenceItem({ evidence }: { readonly evidence: Evidence }) {
  const { kind, comment, submittedBy, submittedAt, file } = evidence;
  return (
    <li className="evidence">
      <div className="file-row">
        <Icon name={file === undefined ? "link" : "file"} />
        {file === undefined ? (
          <EvidenceLink fileUrl={evidence.fileUrl} />
        ) : (
          <EvidenceFile evidence={evidence} file={file} />
        )}
      </div>
      <div className="evidence__about">
        <p className="text">{comment}</p>
        <p className="small secondary">
          {sentenceCase(kind)} · <span className="text">{submittedBy}</span> ·{" "}
          <RelativeTime at={submittedAt} />
        </p>
        {file !== undefined && (
          <p className="small secondary evidence__digest">
            {typeLabel(file.contentType)} · {formatBytes(file.sizeBytes)} · SHA-256
            <ShortId value={file.sha256} label="SHA-256" head={8} tail={4} />
          </p>
        )}
      </div>
    </li>
  );
}

function EvidenceLink({ fileUrl }: { readonly fileUrl: string }) {
  const url = safeLink(fileUrl);
  if (url === undefined) return <span className="file-row__name text">{fileUrl}</span>;
  return (
    <a
      className="file-row__name truncate"
      href={url.href}
      target="_blank"
      rel="noopener noreferrer"
      title={url.href}
    >
      {url.host}
      {url.pathname}
    </a>
  );
}

function EvidenceFile({
  evidence,
  file,
}: {
  readonly evidence: Evidence;
  readonly file: NonNullable<Evidence["file"]>;
}) {
  const docket = useDocket();
  const [isShown, setShown] = useState(false);
  const { isBusy, download } = useDownload(() =>
    docket.evidence.downloadLink(evidence.disputeId, evidence.id),
  );
  return (
    <>
      <span className="file-row__name truncate" title={file.fileName}>
        {file.fileName}
      </span>
      {canPreview(file.contentType) && (
        <Button size="small" look="quiet" onClick={() => setShown(true)}>
          Preview
        </Button>
      )}
      <IconButton
        label={`Download ${file.fileName}`}
        icon="download"
        busy={isBusy}
        onClick={download}
      />
      <Preview evidence={evidence} isOpen={isShown} onClose={() => setShown(false)} />
    </>
  );
}
