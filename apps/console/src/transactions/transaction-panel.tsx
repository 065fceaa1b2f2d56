import type { Transaction } from "@docket/client";
import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { ShortId } from "../ui/copy.tsx";
import { formatDay } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState } from "../ui/states.tsx";
import { TransactionStatus } from "./transaction-status.tsx";
import "../cases/cases.css";

/** One transaction of the page that is shown. */
export function TransactionPanel({
  contextId,
  transaction,
  sourceName,
  isLoaded,
  closeHref,
}: {
  readonly contextId: string;
  /** Undefined if it is not on the page. */
  readonly transaction: Transaction | undefined;
  readonly sourceName: string | undefined;
  /** False while the page is loading, and if that has failed. */
  readonly isLoaded: boolean;
  readonly closeHref: string;
}) {
  return (
    <Panel
      title={transaction?.externalId ?? "Transaction"}
      closeHref={closeHref}
      backLabel="Transactions"
    >
      {transaction === undefined && !isLoaded && <Skeleton />}
      {transaction === undefined && isLoaded && (
        <EmptyState icon="search" title="This transaction is not on this page">
          The filters may leave it out. Search for its reference.
        </EmptyState>
      )}
      {transaction !== undefined && (
        <>
          <section className="case-head">
            <div className="case-head__amount">
              <Money amount={transaction.amount} currency={transaction.currency} />
            </div>
            <div className="case-head__badges">
              <TransactionStatus status={transaction.status} />
            </div>
          </section>
          <section>
            <h3>Details</h3>
            <Facts facts={factsOf(transaction, sourceName)} />
            {transaction.exceptionId !== undefined && (
              <Link href={contextPath(contextId, "exceptions", transaction.exceptionId)}>
                Show the exception
              </Link>
            )}
          </section>
        </>
      )}
    </Panel>
  );
}

const factsOf = (
  { id, externalId, date, description }: Transaction,
  sourceName: string | undefined,
) => ({
  Reference: externalId,
  Source: sourceName,
  Date: formatDay(date),
  Description: description,
  Transaction: <ShortId value={id} label="transaction ID" />,
});
