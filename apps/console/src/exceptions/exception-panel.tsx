import type { Exception, ExceptionEvent } from "@docket/client";
import { useState } from "react";

import { DeadlineBadge } from "../cases/deadline-badge.tsx";
import { Timeline } from "../cases/timeline.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { formatInstant, sentenceCase } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { ExceptionDialog, type DialogName } from "./actions/dialogs.tsx";
import { Counterpart } from "./counterpart.tsx";
import { DisputeLinks } from "./dispute-links.tsx";
import { ExceptionStatus, Severity } from "./exception-badges.tsx";
import { exceptionFacts, transactionFacts } from "./exception-facts.tsx";
import { useException, useExceptionHistory } from "./queries.ts";
import { eventWords, fieldLabel, isResolved, resolutionLabel } from "./words.ts";

/** All about one exception. */
export function ExceptionPanel({
  exceptionId,
  closeHref,
}: {
  readonly exceptionId: string;
  readonly closeHref: string;
}) {
  const { data: exception, error } = useException(exceptionId);
  return (
    <Panel
      title={exception === undefined ? "Exception" : exception.transaction.externalId}
      closeHref={closeHref}
      backLabel="Exceptions"
    >
      {error !== null && <InlineProblem error={error} />}
      {exception === undefined && error === null && <Skeleton />}
      {exception !== undefined && <Details exception={exception} />}
    </Panel>
  );
}

function Details({ exception }: { readonly exception: Exception }) {
  const [dialog, setDialog] = useState<DialogName>();
  const { transaction, reason, severity, status, dueAt } = exception;
  return (
    <>
      <section className="case-head">
        <div className="case-head__amount">
          <Money amount={transaction.amount} currency={transaction.currency} />
        </div>
        <div className="case-head__badges">
          <Severity severity={severity} />
          <ExceptionStatus status={status} />
          {dueAt !== undefined && !isResolved(exception) && <DeadlineBadge at={dueAt} />}
        </div>
        {reason !== undefined && <p className="case-text text">{reason}</p>}
        <Actions exception={exception} onDialog={setDialog} />
      </section>
      <section aria-labelledby="details-title">
        <h3 id="details-title">Details</h3>
        <Facts facts={exceptionFacts(exception)} />
      </section>
      <Counterpart exception={exception} />
      <section aria-labelledby="transaction-title">
        <h3 id="transaction-title">Transaction</h3>
        <Facts facts={transactionFacts(exception)} />
      </section>
      <DisputeLinks exception={exception} onOpen={() => setDialog("dispute")} />
      <section aria-labelledby="history-title">
        <h3 id="history-title">History</h3>
        <History exception={exception} />
      </section>
      <ExceptionDialog exception={exception} open={dialog} onClose={() => setDialog(undefined)} />
    </>
  );
}

function Actions({
  exception,
  onDialog,
}: {
  readonly exception: Exception;
  readonly onDialog: (name: DialogName) => void;
}) {
  if (!useAllowed("exception:write")) return null;
  return (
    <div className="case-head__actions">
      {isResolved(exception) ? (
        <Button icon="refresh" onClick={() => onDialog("reopen")}>
          Reopen
        </Button>
      ) : (
        <>
          <Button look="primary" onClick={() => onDialog("resolve")}>
            Resolve
          </Button>
          <Button onClick={() => onDialog("edit")}>Assign and schedule</Button>
        </>
      )}
    </div>
  );
}

function History({ exception }: { readonly exception: Exception }) {
  const { data: events, error } = useExceptionHistory(exception);
  if (events === undefined) {
    return error === null ? <Skeleton lines={3} /> : <InlineProblem error={error} />;
  }
  return (
    <Timeline
      events={events}
      words={eventWords}
      renderDetails={(event) => event.type !== "created" && <Changes event={event} />}
    />
  );
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The fields whose values are names such as `PENDING_RESOLUTION`. */
const NAMED = new Set(["status", "severity"]);

function shown(field: string, value: string | undefined): string {
  if (value === undefined) return "nothing";
  if (NAMED.has(field)) return sentenceCase(value);
  if (field === "resolutionType") return resolutionLabel(value);
  return INSTANT.test(value) ? formatInstant(value) : value;
}

const Changes = ({ event: { changes } }: { readonly event: ExceptionEvent }) => (
  <ul className="exceptions__changes small">
    {changes.map(({ field, from, to }) => (
      <li key={field} className="text">
        <span className="secondary">{fieldLabel(field)}:</span> {shown(field, from)} →{" "}
        {shown(field, to)}
      </li>
    ))}
  </ul>
);
