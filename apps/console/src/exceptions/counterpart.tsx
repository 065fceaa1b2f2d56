import type { Exception, Transaction } from "@docket/client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useSources } from "../data/queries.ts";
import { useDocket } from "../query/docket-context.tsx";
import { listKey } from "../query/keys.ts";
import { formatDay } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Money } from "../ui/money.tsx";
import { dayAround, isSameAmount, nearest, WINDOW_DAYS } from "./nearest.ts";

/** What the matching expected on the other side, against what there is. */
export function Counterpart({ exception }: { readonly exception: Exception }) {
  const { transaction, contextId } = exception;
  const { data: sources = [] } = useSources(contextId);
  const own = sources.find(({ id }) => id === transaction.sourceId);
  const others = sources.filter(({ side }) => side !== own?.side);
  const { data: found, isPending } = useNearest(
    exception,
    others.map(({ id }) => id),
  );
  const other = others.find(({ id }) => id === found?.sourceId);
  if (transaction.status === "MATCHED" || isPending) return null;
  const { amount, currency, date, externalId } = transaction;
  return (
    <section aria-labelledby="counterpart-title">
      <h3 id="counterpart-title">Expected and actual</h3>
      <table className="comparison">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Expected, as in {own?.name ?? "its source"}</th>
            <th scope="col">Actual{other === undefined ? "" : `, in ${other.name}`}</th>
          </tr>
        </thead>
        <tbody>
          <Row
            label="Amount"
            expected={<Money amount={amount} currency={currency} />}
            actual={found && <Money amount={found.amount} currency={found.currency} />}
            isSame={found !== undefined && isSameAmount(found.amount, amount)}
          />
          <Row
            label="Date"
            expected={formatDay(date)}
            actual={found && formatDay(found.date)}
            isSame={found?.date.slice(0, 10) === date.slice(0, 10)}
          />
          <Row
            label="Reference"
            expected={externalId}
            actual={found?.externalId}
            isSame={found?.externalId === externalId}
          />
        </tbody>
      </table>
      <p className="small secondary">
        {found === undefined
          ? `No open transaction of the other side has this amount or reference within ${WINDOW_DAYS} days.`
          : `The nearest open transaction of the other side within ${WINDOW_DAYS} days.`}
      </p>
    </section>
  );
}

function Row({
  label,
  expected,
  actual,
  isSame,
}: {
  readonly label: string;
  readonly expected: ReactNode;
  readonly actual: ReactNode;
  readonly isSame: boolean;
}) {
  return (
    <tr data-differs={!isSame || undefined}>
      <th scope="row">{label}</th>
      <td className="text">{expected}</td>
      <td className="text">
        {actual ?? "Nothing"}{" "}
        {actual !== undefined && !isSame && (
          <span className="exceptions__differs small">
            <Icon name="alert" size={12} /> differs
          </span>
        )}
      </td>
    </tr>
  );
}

/** Looks through the open transactions of the other side around the day. */
function useNearest(exception: Exception, sourceIds: readonly string[]) {
  const docket = useDocket();
  const { transaction, contextId } = exception;
  const query = {
    status: ["UNMATCHED", "PENDING_REVIEW"],
    currency: transaction.currency,
    dateFrom: dayAround(transaction.date, -WINDOW_DAYS),
    dateTo: dayAround(transaction.date, WINDOW_DAYS),
    limit: 200,
  };
  return useQuery({
    queryKey: listKey("transactions", { contextId, ...query, sourceIds, id: transaction.id }),
    enabled: sourceIds.length > 0 && transaction.status !== "MATCHED",
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        sourceIds.map((sourceId) =>
          docket.transactions.list(contextId, { ...query, sourceId }, { signal }).page(),
        ),
      );
      const candidates: readonly Transaction[] = pages.flatMap(({ items }) => items);
      return nearest(exception, candidates) ?? null;
    },
    select: (found) => found ?? undefined,
  });
}
