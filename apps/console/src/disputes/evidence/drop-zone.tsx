import { useId, useState } from "react";

import { Icon } from "../../ui/icon.tsx";
import { ACCEPTED } from "./file-check.ts";

/** Takes files that are dropped or chosen. */
export function DropZone({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  return (
    <label
      htmlFor={id}
      className="drop-zone"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <input
        id={id}
        type="file"
        multiple
        accept={ACCEPTED}
        className="visually-hidden"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <Icon name="upload" />
      <span>
        <span className="drop-zone__link">Choose files</span> or drop them here
      </span>
      <span className="small secondary">PDF, PNG, JPEG or CSV, up to 10 MiB each</span>
    </label>
  );
}
