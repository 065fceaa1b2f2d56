import { isDocketError, type WebhookEndpoint } from "@docket/client";
import { useState } from "react";

import type { ScreenProps } from "../app/area.ts";
import { tenantPath } from "../app/paths.ts";
import { Screen } from "../app/screen.tsx";
import { useAllowed } from "../session/session-context.tsx";
import { WordsBadge } from "../ui/words-badge.tsx";
import { Button } from "../ui/button.tsx";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, Problem } from "../ui/states.tsx";
import { EndpointDialog } from "./endpoint-dialog.tsx";
import { EndpointPanel } from "./endpoint-panel.tsx";
import { useEndpoints } from "./queries.ts";
import "./webhooks.css";
import { endpointWords, typesLabel } from "./words.ts";

const COLUMNS: readonly Column<WebhookEndpoint>[] = [
  {
    id: "url",
    header: "Endpoint",
    cell: ({ url }) => <span className="webhooks__url truncate">{url}</span>,
  },
  {
    id: "status",
    header: "Status",
    cell: (endpoint) => <WordsBadge words={endpointWords(endpoint)} />,
  },
  {
    id: "types",
    header: "Events",
    priority: "low",
    cell: ({ types }) => (
      <span className="webhooks__types truncate" title={typesLabel(types)}>
        {typesLabel(types)}
      </span>
    ),
  },
  {
    id: "created",
    header: "Created",
    align: "end",
    priority: "lowest",
    cell: ({ createdAt }) => <RelativeTime at={createdAt} focusable={false} />,
  },
];

const href = ({ id }: WebhookEndpoint): string => tenantPath("webhooks", id);

/** The endpoints that events are sent to. */
export function WebhooksScreen({ itemId }: ScreenProps) {
  const canWrite = useAllowed("webhook:write");
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add endpoint
    </Button>
  );
  return (
    <Screen title="Webhooks" action={canWrite && add}>
      <ListWithPanel
        openKey={itemId}
        list={<EndpointList openId={itemId} />}
        panel={itemId !== undefined && <EndpointPanel key={itemId} endpointId={itemId} />}
      />
      <EndpointDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </Screen>
  );
}

function EndpointList({ openId }: { readonly openId: string | undefined }) {
  const { data: endpoints, error, refetch } = useEndpoints();
  if (endpoints === undefined) {
    if (error === null) return <Skeleton />;
    if (isDocketError(error, "webhooks_not_configured")) return <NotConfigured />;
    return <Problem error={error} retry={() => void refetch()} />;
  }
  if (endpoints.length === 0) return <NoEndpoints />;
  return (
    <DataTable
      label="Webhook endpoints"
      columns={COLUMNS}
      rows={endpoints}
      rowKey={({ id }) => id}
      rowHref={href}
      openKey={openId}
    />
  );
}

const NotConfigured = () => (
  <EmptyState icon="lock" title="Webhooks are not set up">
    Docket encrypts the secrets of webhooks. Ask your administrator to set SECRETS_KEY.
  </EmptyState>
);

const NoEndpoints = () => (
  <EmptyState icon="link" title="Events are sent nowhere yet">
    Add the https address of a program of yours. It receives a signed request for each event, such
    as an export that is ready or a dispute that was won.
  </EmptyState>
);
