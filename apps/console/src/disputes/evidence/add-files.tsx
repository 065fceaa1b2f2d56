import type { Dispute } from "@docket/client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { refreshCases } from "../../cases/use-change.ts";
import { isText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { randomKey } from "../../query/idempotency.ts";
import { Button } from "../../ui/button.tsx";
import { DropZone } from "../../ui/drop-zone.tsx";
import { formatUnit } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { ACCEPTED, checkFile, limitFault } from "./file-check.ts";
import { StagedFileRow, type StagedFile } from "./staged-file.tsx";
import { startUploads, useUploads } from "./uploads.ts";

/** Files that were dropped, each with its kind and comment, until they are sent. */
export function AddFiles({ dispute }: { readonly dispute: Dispute }) {
  const [staged, setStaged] = useState<readonly StagedFile[]>([]);
  const onWay = useUploads(dispute.id);
  const docket = useDocket();
  const queryClient = useQueryClient();

  const add = async (files: readonly File[]): Promise<void> => {
    const missing = dispute.checklist.find(({ satisfied }) => !satisfied)?.kind ?? "OTHER";
    const checked = await Promise.all(
      files.map(async (file): Promise<StagedFile> => {
        const comment = file.name.replace(/\.[^.]*$/, "");
        return { id: randomKey(), file, kind: missing, comment, ...(await checkFile(file)) };
      }),
    );
    setStaged((before) => [...before, ...checked]);
  };
  const change = (id: string, changes: Partial<StagedFile>): void =>
    setStaged((before) => before.map((each) => (each.id === id ? { ...each, ...changes } : each)));

  const valid = staged.filter((each) => "contentType" in each);
  const fault = limitFault(
    dispute.evidence,
    [...valid, ...onWay].map(({ file }) => file),
  );
  const areComplete = valid.every(({ comment }) => isText(comment, 1_000));
  const upload = (): void => {
    startUploads(
      valid.map((each) => ({ ...each, comment: each.comment.trim(), disputeId: dispute.id })),
      { docket, onAdded: () => void refreshCases(queryClient) },
    );
    setStaged(staged.filter((each) => !("contentType" in each)));
  };
  return (
    <>
      <DropZone layout="column" multiple accept={ACCEPTED} onFiles={(files) => void add(files)}>
        <Icon name="upload" />
        <span>
          <span className="drop-zone__link">Choose files</span> or drop them here
        </span>
        <span className="small secondary">PDF, PNG, JPEG or CSV, up to 10 MiB each</span>
      </DropZone>
      {staged.length > 0 && (
        <ul className="staged">
          {staged.map((each) => (
            <StagedFileRow
              key={each.id}
              staged={each}
              onChange={(changes) => change(each.id, changes)}
              onRemove={() => setStaged(staged.filter(({ id }) => id !== each.id))}
            />
          ))}
        </ul>
      )}
      {fault !== undefined && (
        <p className="field__error" role="alert">
          {fault}
        </p>
      )}
      {valid.length > 0 && (
        <div>
          <Button
            look="primary"
            icon="upload"
            disabled={fault !== undefined || !areComplete}
            onClick={upload}
          >
            Upload {formatUnit(valid.length, "file")}
          </Button>
        </div>
      )}
    </>
  );
}
