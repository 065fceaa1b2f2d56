import type { Transaction } from "@docket/client";
import { useSearch } from "wouter";

import type { ContextScreenProps } from "../app/area.ts";
import { contextPath, withQuery } from "../app/paths.ts";
import { writeState } from "../app/query-string.ts";
import { Screen } from "../app/screen.tsx";
import { useUrlState } from "../app/url-state.ts";
import { useSources } from "../data/queries.ts";
import { useAllowed } from "../session/session-context.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { OPEN_STATE, TRANSACTION_FILTERS, type TransactionFilters } from "./filters.ts";
import { useTransactions } from "./queries.ts";
import { TransactionList } from "./transaction-list.tsx";
import { TransactionPanel } from "./transaction-panel.tsx";

/** The transactions of a context. The figures of the overview lead here. */
export function TransactionsScreen({ contextId, itemId }: ContextScreenProps) {
  const [filters, setFilters] = useUrlState(TRANSACTION_FILTERS);
  const [{ reference, cursor }] = useUrlState(OPEN_STATE);
  const search = useSearch();
  const page = useTransactions(contextId, filters);
  const { data: sources = [] } = useSources(contextId);
  const sourceNames = new Map(sources.map(({ id, name }) => [id, name]));
  const href = (open?: Transaction): string =>
    contextPath(contextId, "transactions", open?.id) +
    writeState(OPEN_STATE, search, { reference: open?.externalId, cursor });
  return (
    <Screen title="Transactions" action={<FileLink contextId={contextId} filters={filters} />}>
      <ListWithPanel
        openKey={itemId}
        list={
          <TransactionList
            contextId={contextId}
            filters={filters}
            onFilters={setFilters}
            page={page}
            sourceNames={sourceNames}
            openId={itemId}
            href={href}
          />
        }
        panel={
          itemId !== undefined && (
            <TransactionPanel
              key={itemId}
              contextId={contextId}
              transactionId={itemId}
              reference={reference}
              page={page}
              sourceNames={sourceNames}
              closeHref={href()}
            />
          )
        }
      />
    </Screen>
  );
}

/** Orders the same days as a file, if a report has the transactions with these statuses. */
function FileLink({
  contextId,
  filters: { status, dateFrom, dateTo },
}: {
  readonly contextId: string;
  readonly filters: TransactionFilters;
}) {
  const canOrder = useAllowed("export-job:write");
  const order = reportOf(status ?? []);
  if (!canOrder || order === undefined) return null;
  const href = withQuery(contextPath(contextId, "exports"), { order, dateFrom, dateTo });
  return (
    <ButtonLink icon="download" href={href}>
      Order export
    </ButtonLink>
  );
}

/** The report UNMATCHED has every transaction that is not matched (docs/api.md §3). */
function reportOf(statuses: readonly string[]): string | undefined {
  if (statuses.length === 0) return undefined;
  if (statuses.every((status) => status === "MATCHED")) return "MATCHED";
  return statuses.includes("MATCHED") ? undefined : "UNMATCHED";
}
