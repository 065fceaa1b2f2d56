import type { Context } from "@docket/client";
import { useState } from "react";

import type { ScreenProps } from "../app/area.ts";
import { tenantPath } from "../app/paths.ts";
import { text } from "../app/query-string.ts";
import { Screen } from "../app/screen.tsx";
import { useUrlState } from "../app/url-state.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { ShortId } from "../ui/copy.tsx";
import { Pager } from "../ui/pager.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { ContextDialog } from "./context-dialog.tsx";
import { ContextPanel } from "./context-panel.tsx";
import "./data.css";
import { useContextPage } from "./queries.ts";

const COLUMNS: readonly Column<Context>[] = [
  {
    id: "name",
    header: "Reconciliation",
    cell: ({ name }) => <span className="data__name truncate">{name}</span>,
  },
  {
    id: "id",
    header: "ID",
    priority: "low",
    cell: ({ id }) => <ShortId value={id} label="ID of the reconciliation" />,
  },
  {
    id: "created",
    header: "Created",
    align: "end",
    priority: "lowest",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} focusable={false} />,
  },
];

const URL_STATE = { cursor: text };

const href = ({ id }: Pick<Context, "id">): string => tenantPath("data", id);

/** The contexts with their sources and records. */
export function DataScreen({ itemId }: ScreenProps) {
  const canWrite = useAllowed("context:write");
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
      Create reconciliation
    </Button>
  );
  return (
    <Screen title="Data" action={canWrite && create}>
      <ListWithPanel
        openKey={itemId}
        list={<ContextList openId={itemId} />}
        panel={itemId !== undefined && <ContextPanel key={itemId} contextId={itemId} />}
      />
      <ContextDialog isOpen={isCreating} onClose={() => setCreating(false)} />
    </Screen>
  );
}

function ContextList({ openId }: { readonly openId: string | undefined }) {
  const [{ cursor }, setState] = useUrlState(URL_STATE);
  const { data: page, error, refetch } = useContextPage(cursor);
  if (page === undefined) {
    return error === null ? <Skeleton /> : <Problem error={error} retry={() => void refetch()} />;
  }
  if (page.items.length === 0) return <NoContexts />;
  return (
    <>
      <DataTable
        label="Reconciliations"
        columns={COLUMNS}
        rows={page.items}
        rowKey={({ id }) => id}
        rowHref={href}
        openKey={openId}
      />
      <Pager
        count={page.items.length}
        unit="reconciliation"
        cursor={cursor}
        nextCursor={page.nextCursor}
        onChange={(next) => setState({ cursor: next })}
      />
    </>
  );
}

const NoContexts = () => (
  <EmptyState icon="database" title="There is no reconciliation yet">
    A reconciliation compares two sides, such as a bank account and the ledger. Create one, add the
    source of each side, and load their transactions.
  </EmptyState>
);
