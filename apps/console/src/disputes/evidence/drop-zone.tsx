import { useState } from "react";

import { Icon } from "../../ui/icon.tsx";
import { ACCEPTED } from "./file-check.ts";

/** Takes files that are dropped or chosen. The field fills the zone, so that the browser handles both. */
export function DropZone({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const [isOver, setOver] = useState(false);
  return (
    <label className="drop-zone" data-over={isOver || undefined}>
      <input
        type="file"
        multiple
        accept={ACCEPTED}
        className="drop-zone__field"
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
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
