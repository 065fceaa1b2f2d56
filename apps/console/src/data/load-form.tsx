import type { RecordKind } from "@docket/client";
import { useCallback, useState, useSyncExternalStore } from "react";

import { useDocket } from "../query/docket-context.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { LoadOutcome } from "./load-outcome.tsx";
import { loads } from "./loads.ts";
import { recordFile } from "./record-file.ts";
import { KINDS } from "./words.ts";

/** Chooses the kind and the file, and shows the outcome. */
export function LoadForm({ contextId }: { readonly contextId: string }) {
  const docket = useDocket();
  const subscribe = useCallback(
    (listener: () => void) => loads.subscribe(contextId, listener),
    [contextId],
  );
  const load = useSyncExternalStore(subscribe, () => loads.get(contextId));
  const [kind, setKind] = useState<RecordKind>("transactions");
  const [file, setFile] = useState<File>();
  const isUnknown = file !== undefined && recordFile(file.name) === undefined;
  const canStart = file !== undefined && !isUnknown && load?.state !== "sending";
  const start = (): void => {
    if (file !== undefined) void loads.start({ docket, contextId, kind, file });
  };
  return (
    <div className="data-form">
      <Field label="Records" hint="Load transactions first: the others refer to them">
        {({ id }) => <Select id={id} options={KINDS} value={kind} onChange={setKind} />}
      </Field>
      <Field
        label="File"
        hint="CSV with a header, or NDJSON; also compressed (.gz). All records are loaded, or none"
        error={isUnknown ? "Choose a .csv or .ndjson file, or one of them with .gz" : undefined}
      >
        {(control) => (
          <input
            {...control}
            type="file"
            className="input"
            onChange={(event) => setFile(event.currentTarget.files?.[0])}
          />
        )}
      </Field>
      <div>
        <Button icon="upload" disabled={!canStart} onClick={start}>
          Load file
        </Button>
      </div>
      {load !== undefined && <LoadOutcome load={load} />}
    </div>
  );
}
