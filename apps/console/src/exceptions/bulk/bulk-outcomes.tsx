import type { BulkOutcomes, Exception } from "@docket/client";

import { Badge, type Tone } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { DialogActions } from "../../ui/dialog.tsx";
import { sentenceCase } from "../../ui/format.ts";
import type { IconName } from "../../ui/icon.tsx";

const OUTCOMES: Readonly<Record<string, { readonly tone: Tone; readonly icon: IconName }>> = {
  applied: { tone: "positive", icon: "check" },
  unchanged: { tone: "neutral", icon: "minus" },
  refused: { tone: "negative", icon: "x" },
};

/** What happened to each exception. */
export function BulkOutcomeList({
  exceptions,
  results,
  onClose,
}: {
  readonly exceptions: readonly Exception[];
  readonly results: BulkOutcomes["results"];
  readonly onClose: () => void;
}) {
  const counts = Object.keys(OUTCOMES)
    .map((name) => ({ name, count: results.filter(({ outcome }) => outcome === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`);
  const names = new Map(exceptions.map(({ id, transaction }) => [id, transaction.externalId]));
  return (
    <div className="change-form">
      <p role="status">{counts.join(", ")}</p>
      <ul className="bulk-outcomes">
        {results.map(({ exceptionId, outcome, detail }) => (
          <li key={exceptionId}>
            <span className="text">{names.get(exceptionId)}</span>
            <Badge {...OUTCOMES[outcome]}>{sentenceCase(outcome)}</Badge>
            {detail !== undefined && (
              <span className="small secondary text bulk-outcomes__detail">{detail}</span>
            )}
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </div>
  );
}
