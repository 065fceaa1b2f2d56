import { useState, type ReactNode } from "react";

import "./drop-zone.css";

/** Takes files that are dropped or chosen. The field fills the zone, so that the browser handles both. */
export function DropZone({
  onFiles,
  accept,
  multiple = false,
  layout,
  children,
}: {
  /** Called with at least one file. */
  readonly onFiles: (files: readonly [File, ...File[]]) => void;
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly layout: "row" | "column";
  readonly children: ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  return (
    <label className={`drop-zone drop-zone--${layout}`} data-over={isOver || undefined}>
      <input
        type="file"
        multiple={multiple}
        accept={accept}
        className="drop-zone__field"
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
        onChange={({ currentTarget }) => {
          const [first, ...others] = currentTarget.files ?? [];
          if (first !== undefined) onFiles([first, ...others]);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
      {children}
    </label>
  );
}
