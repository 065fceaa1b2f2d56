import type { Summary } from "@docket/client";
import type { ReactNode } from "react";

import { OPEN_STATUSES } from "../transactions/words.ts";
import { formatCount, formatShare } from "../ui/format.ts";
import { FigureLink } from "./figure-link.tsx";
import {
  disputesLink,
  exceptionsLink,
  exportsLink,
  transactionsLink,
  type FigureTarget,
} from "./links.ts";

/** The figures that say how the reconciliation stands. */
export function Figures({ summary }: { readonly summary: Summary }) {
  const { contextId, transactions, exceptions, disputes } = summary;
  const { total, matched, unmatched, pendingReview } = transactions;
  const active = disputes.byState
    .filter(({ state }) => state === "OPEN" || state === "PENDING_EVIDENCE")
    .reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="figures">
      <Figure
        name="Matched"
        value={formatShare(matched, total)}
        to={transactionsLink(contextId, summary, { status: ["MATCHED"] })}
        note={
          <span>
            {formatCount(matched)} of{" "}
            <FigureLink to={transactionsLink(contextId, summary, {})}>
              {formatCount(total)}
              <span className="visually-hidden"> transactions</span>
            </FigureLink>
          </span>
        }
      />
      <Figure
        name="Unmatched"
        value={formatCount(unmatched + pendingReview)}
        to={transactionsLink(contextId, summary, { status: OPEN_STATUSES })}
        note={
          <FigureLink to={transactionsLink(contextId, summary, { status: ["PENDING_REVIEW"] })}>
            {formatCount(pendingReview)} pending review
          </FigureLink>
        }
      />
      <Figure
        name="Open exceptions"
        value={formatCount(exceptions.open)}
        to={exceptionsLink(contextId, {})}
        note={
          <>
            <FigureLink to={exceptionsLink(contextId, { overdue: true })}>
              {formatCount(exceptions.overdue)} overdue
            </FigureLink>
            <FigureLink to={exceptionsLink(contextId, { unassigned: true })}>
              {formatCount(exceptions.unassigned)} unassigned
            </FigureLink>
          </>
        }
      />
      <Figure
        name="Active disputes"
        value={formatCount(active)}
        to={disputesLink(contextId, { state: ["OPEN", "PENDING_EVIDENCE"] })}
        note={
          <FigureLink to={disputesLink(contextId, { overdue: true })}>
            {formatCount(disputes.overdue)} overdue
          </FigureLink>
        }
      />
      <Figure
        name="Exports running"
        value={formatCount(summary.exports.unfinished)}
        to={exportsLink(contextId, { status: ["QUEUED", "RUNNING"] })}
        note={
          <FigureLink
            to={exportsLink(contextId, {
              status: ["FAILED"],
              finishedFrom: dayBefore(summary.asOf),
            })}
          >
            {formatCount(summary.exports.failedLastDay)} failed in 24 h
          </FigureLink>
        }
      />
    </div>
  );
}

/** The instant 24 hours before another one. */
const dayBefore = (instant: string): string =>
  new Date(Date.parse(instant) - 86_400_000).toISOString();

function Figure({
  name,
  value,
  to,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly to: FigureTarget;
  readonly note: ReactNode;
}) {
  return (
    <div className="figure">
      <FigureLink to={to} className="figure__link">
        <span className="figure__name">{name}</span>
        <span className="figure__value">{value}</span>
      </FigureLink>
      <p className="figure__note small secondary">{note}</p>
    </div>
  );
}
