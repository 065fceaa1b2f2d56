import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { useDocket } from "../../query/docket-context.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { InlineProblem } from "../../ui/states.tsx";
import type { Evidence } from "./evidence-file.ts";

/** The start of a table is enough to recognize it. */
const MAX_TEXT = 20_000;

/** The types that are shown. The bytes get this type whatever the store says, so that they never run as a page. */
const SHOWN = ["image/png", "image/jpeg", "application/pdf", "text/csv"];

export const canPreview = (contentType: string): boolean => SHOWN.includes(contentType);

/** Shows a file from its bytes, which are fetched and compared with their SHA-256. */
export function Preview({
  evidence,
  isOpen,
  onClose,
}: {
  readonly evidence: Evidence;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={evidence.file?.fileName ?? ""}
      description={evidence.comment}
      size="large"
      closesOnBackdrop
    >
      <div className="preview">
        <Content evidence={evidence} />
      </div>
    </Dialog>
  );
}

function Content({ evidence: { id, disputeId, file } }: { readonly evidence: Evidence }) {
  const docket = useDocket();
  const { data, error } = useQuery({
    // Kept only while it is open: it may have 10 MiB.
    queryKey: ["preview", id],
    gcTime: 0,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const { stream } = await docket.evidence.download(disputeId, id, { signal });
      const bytes = await new Response(stream).blob();
      const blob = new Blob([bytes], { type: file?.contentType ?? "" });
      if (blob.type !== "text/csv") return { url: URL.createObjectURL(blob) };
      return { text: await blob.slice(0, MAX_TEXT).text() };
    },
  });
  const url = data?.url;
  useEffect(() => (url === undefined ? undefined : () => URL.revokeObjectURL(url)), [url]);
  if (error !== null) return <InlineProblem error={error} />;
  if (data === undefined) return <Skeleton lines={4} label="Loading the file" />;
  if (data.text !== undefined) {
    return (
      // Scrolls, so it must take the focus.
      <pre className="preview__text mono" tabIndex={0} dir="auto">
        {data.text}
      </pre>
    );
  }
  return file?.contentType === "application/pdf" ? (
    <PdfFrame url={data.url} title={file.fileName} />
  ) : (
    <img className="preview__image" src={data.url} alt={file?.fileName ?? ""} />
  );
}

function PdfFrame({ url, title }: { readonly url: string | undefined; readonly title: string }) {
  if (!navigator.pdfViewerEnabled) {
    return (
      <div className="preview__download">
        <p className="secondary">This browser shows no PDF files.</p>
        <a className={buttonClass({})} href={url} download={title}>
          <Icon name="download" />
          Download
        </a>
      </div>
    );
  }
  // Chromium shows no PDF in a sandboxed frame. Its viewer runs in a process of its own.
  // oxlint-disable-next-line react/iframe-missing-sandbox
  return <iframe className="preview__pdf" src={url} title={title} />;
}
