import type { WebhookEndpoint } from "@docket/client";

import { tenantPath } from "../app/paths.ts";
import { useAllowed } from "../session/session-context.tsx";
import { WordsBadge } from "../ui/words-badge.tsx";
import { ShortId } from "../ui/copy.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { Deliveries } from "./deliveries.tsx";
import { EndpointActions } from "./endpoint-actions.tsx";
import { useEndpoint } from "./queries.ts";
import { endpointWords, typesLabel } from "./words.ts";

/** An endpoint, what can be done with it, and its deliveries. */
export function EndpointPanel({ endpointId }: { readonly endpointId: string }) {
  const { data: endpoint, error } = useEndpoint(endpointId);
  const canWrite = useAllowed("webhook:write");
  return (
    <Panel title="Endpoint" closeHref={tenantPath("webhooks")} backLabel="Webhooks">
      {error !== null && endpoint === undefined && <InlineProblem error={error} />}
      {endpoint === undefined && error === null && <Skeleton />}
      {endpoint !== undefined && (
        <>
          <section>
            <Facts facts={factsOf(endpoint)} />
            {canWrite && <EndpointActions endpoint={endpoint} />}
          </section>
          <Deliveries endpointId={endpointId} />
        </>
      )}
    </Panel>
  );
}

function factsOf(endpoint: WebhookEndpoint) {
  const { id, url, description, types, maxInFlight, failingSince, createdAt } = endpoint;
  return {
    URL: url,
    Description: description,
    Status: <WordsBadge words={endpointWords(endpoint)} />,
    "Failing since": failingSince && <RelativeTime at={failingSince} />,
    Events: typesLabel(types),
    "Parallel requests": `Up to ${maxInFlight}`,
    Endpoint: <ShortId value={id} label="endpoint ID" />,
    Created: <RelativeTime at={createdAt} />,
  };
}
