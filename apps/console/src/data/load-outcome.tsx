import { isDocketError, type FieldError, type IngestResult } from "@docket/client";

import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatBytes, formatCount, formatUnit } from "../ui/format.ts";
import { Facts } from "../ui/panel.tsx";
import { Progress } from "../ui/progress.tsx";
import { InlineProblem } from "../ui/states.tsx";
import type { Load } from "./loads.ts";

/** The progress of a load, its counts, or its faults. */
export function LoadOutcome({ load }: { readonly load: Load }) {
  return (
    <div className="load">
      <p className="text">
        <strong>{load.fileName}</strong>
      </p>
      {load.state === "sending" && <Sending {...load} />}
      {load.state === "loaded" && <Loaded result={load.result} />}
      {load.state === "canceled" && <Badge icon="ban">Canceled, nothing was loaded</Badge>}
      {load.state === "failed" && <Failed error={load.error} />}
    </div>
  );
}

function Sending({
  sentBytes,
  sizeBytes,
  cancel,
}: Pick<Load, "sentBytes" | "sizeBytes"> & { readonly cancel: () => void }) {
  const isSent = sentBytes >= sizeBytes;
  const percent = sizeBytes === 0 ? 0 : (Math.min(sentBytes, sizeBytes) / sizeBytes) * 100;
  return (
    <>
      <Progress value={isSent ? undefined : percent} label="Progress of the file" />
      <div className="data__section-head">
        <span className="small secondary">
          {isSent
            ? "Sent. The records are being loaded"
            : `${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)}`}
        </span>
        <Button size="small" look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </>
  );
}

const Loaded = ({ result }: { readonly result: IngestResult }) => (
  <div role="status" className="load__result">
    <Badge tone="positive" icon="check">
      {formatUnit(result.received, "record")} received
    </Badge>
    <Facts
      facts={{
        New: formatCount(result.inserted),
        Changed: formatCount(result.updated),
        Unchanged: formatCount(result.unchanged),
      }}
    />
  </div>
);

function Failed({ error }: { readonly error: unknown }) {
  const errors = isDocketError(error) ? error.errors : [];
  return (
    <>
      <InlineProblem error={error} />
      {errors.length > 0 && <Faults errors={errors} />}
    </>
  );
}

/** The API reports the first hundred. */
const MOST_FAULTS = 100;

const Faults = ({ errors }: { readonly errors: readonly FieldError[] }) => (
  // A scrollable region must be reachable by keyboard.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div className="load__faults" role="region" aria-label="Errors in the file" tabIndex={0}>
    <table>
      <caption className="small secondary">
        {errors.length >= MOST_FAULTS
          ? `The first ${MOST_FAULTS} errors. Nothing was loaded`
          : `${formatUnit(errors.length, "error")}. Nothing was loaded`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">Field</th>
          <th scope="col">Error</th>
        </tr>
      </thead>
      <tbody>
        {errors.map(({ line, field, detail }, index) => (
          <tr key={`${line}-${field}-${index}`}>
            <td>{line === undefined ? "–" : formatCount(line)}</td>
            <td className="mono text">{field}</td>
            <td className="text">{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
