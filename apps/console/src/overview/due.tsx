import type { Dispute, Exception } from "@docket/client";
import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { DeadlineBadge } from "../cases/deadline-badge.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { useNow } from "../ui/clock.ts";
import { sentenceCase } from "../ui/format.ts";
import type { IconName } from "../ui/icon.tsx";
import { Icon } from "../ui/icon.tsx";
import { Money } from "../ui/money.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { useDueDisputes, useDueExceptions } from "./queries.ts";

const WEEK_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;
const MOST = 6;

type Item = {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly amount: string;
  readonly currency: string;
  readonly dueAt: string;
  readonly href: string;
};

/** What becomes due within a week, the most urgent first. */
export function Due({ contextId }: { readonly contextId: string }) {
  // By the hour, so that the lists are not fetched anew all the time.
  const before = new Date(useNow(HOUR_MS) + WEEK_MS).toISOString();
  const canSee = { disputes: useAllowed("dispute:read"), exceptions: useAllowed("exception:read") };
  const disputes = useDueDisputes(contextId, before, canSee.disputes);
  const exceptions = useDueExceptions(contextId, before, canSee.exceptions);
  const items = [
    ...(disputes.data ?? []).map(fromDispute),
    ...(exceptions.data ?? []).map(fromException),
  ]
    .toSorted((a, b) => a.dueAt.localeCompare(b.dueAt))
    .slice(0, MOST);
  const isLoading = disputes.isLoading || exceptions.isLoading;
  const error = disputes.error ?? exceptions.error;
  if (!canSee.disputes && !canSee.exceptions) return null;
  return (
    <section className="card" aria-labelledby="due">
      <h2 id="due">Due within a week</h2>
      {error !== null && <InlineProblem error={error} />}
      {isLoading && items.length === 0 && <Skeleton lines={3} />}
      {!isLoading && error === null && items.length === 0 && (
        <p className="secondary">Nothing is due within a week.</p>
      )}
      <ul className="due">
        {items.map((item) => (
          <DueItem key={item.key} item={item} />
        ))}
      </ul>
    </section>
  );
}

function DueItem({
  item: { icon, title, amount, currency, dueAt, href },
}: {
  readonly item: Item;
}) {
  return (
    <li>
      <Link href={href} className="due__row">
        <Icon name={icon} />
        <span className="due__text">
          <span className="truncate" dir="auto">
            {title}
          </span>
          <span className="small secondary">
            <Money amount={amount} currency={currency} />
          </span>
        </span>
        <DeadlineBadge at={dueAt} />
      </Link>
    </li>
  );
}

const fromDispute = (dispute: Dispute): Item => ({
  key: dispute.id,
  icon: "scale",
  title: dispute.reference ?? sentenceCase(dispute.category),
  amount: dispute.disputedAmount,
  currency: dispute.currency,
  dueAt: dispute.respondBy ?? "",
  href: contextPath(dispute.contextId, "disputes", dispute.id),
});

const fromException = ({ id, contextId, dueAt = "", reason, transaction }: Exception): Item => ({
  key: id,
  icon: "alert",
  title: reason ?? transaction.externalId,
  amount: transaction.amount,
  currency: transaction.currency,
  dueAt,
  href: contextPath(contextId, "exceptions", id),
});
