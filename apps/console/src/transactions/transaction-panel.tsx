import type { Transaction } from "@docket/client";
import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { ShortId } from "../ui/copy.tsx";
import { formatDay } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, InlineProblem } from "../ui/states.tsx";
import { useTransaction, type useTransactions } from "./queries.ts";
import { TransactionStatus } from "./transaction-status.tsx";
import "../cases/cases.css";

/** One transaction, on the page that is shown or not. */
export function TransactionPanel({
  contextId,
  transactionId,
  reference,
  page,
  sourceNames,
  closeHref,
}: {
  readonly contextId: string;
  readonly transactionId: string;
  readonly reference: string | undefined;
  readonly page: ReturnType<typeof useTransactions>;
  readonly sourceNames: ReadonlyMap<string, string>;
  readonly closeHref: string;
}) {
  const onPage = page.data?.items.find(({ id }) => id === transactionId);
  // Without a page, only a reference can find it.
  const isElsewhere =
    onPage === undefined && (page.isSuccess || (page.isError && reference !== undefined));
  const { data, error, isLoading } = useTransaction(
    contextId,
    transactionId,
    isElsewhere ? reference : undefined,
  );
  const transaction = onPage ?? data ?? undefined;
  return (
    <Panel
      title={transaction?.externalId ?? "Transaction"}
      closeHref={closeHref}
      backLabel="Transactions"
    >
      {error !== null && <InlineProblem error={error} />}
      {(page.isPending || isLoading) && <Skeleton />}
      {isElsewhere && transaction === undefined && error === null && !isLoading && (
        <EmptyState icon="search" title="This transaction was not found">
          The link may be incomplete. Search for the reference in the list.
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
            <Facts facts={factsOf(transaction, sourceNames.get(transaction.sourceId))} />
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
