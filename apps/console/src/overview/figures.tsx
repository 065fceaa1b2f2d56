import type { Summary } from "@docket/client";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { OPEN_STATUSES } from "../transactions/words.ts";
import { formatCount, formatShare } from "../ui/format.ts";
import { disputesLink, exceptionsLink, exportsLink, transactionsLink } from "./links.ts";

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
        href={transactionsLink(contextId, summary, { status: ["MATCHED"] })}
        note={`${formatCount(matched)} of ${formatCount(total)}`}
      />
      <Figure
        name="Unmatched"
        value={formatCount(unmatched + pendingReview)}
        href={transactionsLink(contextId, summary, { status: OPEN_STATUSES })}
        note={
          <Link href={transactionsLink(contextId, summary, { status: ["PENDING_REVIEW"] })}>
            {formatCount(pendingReview)} pending review
          </Link>
        }
      />
      <Figure
        name="Open exceptions"
        value={formatCount(exceptions.open)}
        href={exceptionsLink(contextId, {})}
        note={
          <>
            <Link href={exceptionsLink(contextId, { overdue: true })}>
              {formatCount(exceptions.overdue)} overdue
            </Link>
            <Link href={exceptionsLink(contextId, { unassigned: true })}>
              {formatCount(exceptions.unassigned)} unassigned
            </Link>
          </>
        }
      />
      <Figure
        name="Active disputes"
        value={formatCount(active)}
        href={disputesLink(contextId, { state: ["OPEN", "PENDING_EVIDENCE"] })}
        note={
          <Link href={disputesLink(contextId, { overdue: true })}>
            {formatCount(disputes.overdue)} overdue
          </Link>
        }
      />
      <Figure
        name="Exports running"
        value={formatCount(summary.exports.unfinished)}
        href={exportsLink(contextId, { status: ["QUEUED", "RUNNING"] })}
        note={
          <Link href={exportsLink(contextId, { status: ["FAILED"] })}>
            {formatCount(summary.exports.failedLastDay)} failed in 24 h
          </Link>
        }
      />
    </div>
  );
}

function Figure({
  name,
  value,
  href,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly href: string;
  readonly note: ReactNode;
}) {
  return (
    <div className="figure">
      <Link href={href} className="figure__link">
        <span className="figure__name">{name}</span>
        <span className="figure__value">{value}</span>
      </Link>
      <p className="figure__note small secondary">{note}</p>
    </div>
  );
}
