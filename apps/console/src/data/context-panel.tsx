import type { CountedContext, Source } from "@docket/client";
import { useState } from "react";

import { tenantPath } from "../app/paths.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { ShortId } from "../ui/copy.tsx";
import { formatCount } from "../ui/format.ts";
import { Facts, Panel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { LoadForm } from "./load-form.tsx";
import { useContextDetails, useSources } from "./queries.ts";
import { SourceDialog } from "./source-dialog.tsx";
import { labelOf, SIDES, SOURCE_TYPES } from "./words.ts";

/** A context: its counts, its sources, and a file to load. */
export function ContextPanel({ contextId }: { readonly contextId: string }) {
  const { data: context, error } = useContextDetails(contextId);
  const canLoad = useAllowed("record:write");
  return (
    <Panel
      title={context?.name ?? "Reconciliation"}
      closeHref={tenantPath("data")}
      backLabel="Data"
    >
      {error !== null && <InlineProblem error={error} />}
      {context === undefined && error === null && <Skeleton />}
      {context !== undefined && (
        <>
          <section>
            <Facts facts={factsOf(context)} />
          </section>
          <Sources contextId={contextId} />
          {canLoad && (
            <section>
              <h3>Load a file</h3>
              <LoadForm contextId={contextId} />
            </section>
          )}
        </>
      )}
    </Panel>
  );
}

const factsOf = ({ id, createdAt, counts }: CountedContext) => ({
  ID: <ShortId value={id} label="ID of the reconciliation" />,
  Created: <RelativeTime at={createdAt} />,
  Transactions: `${formatCount(counts.transactions)} (${formatCount(counts.matched)} matched, ${formatCount(counts.unmatched)} unmatched)`,
  "Match groups": formatCount(counts.matchGroups),
  Exceptions: `${formatCount(counts.exceptions)} (${formatCount(counts.openExceptions)} open)`,
});

function Sources({ contextId }: { readonly contextId: string }) {
  const { data: sources, error } = useSources(contextId);
  const canWrite = useAllowed("context:write");
  const [isAdding, setAdding] = useState(false);
  return (
    <section>
      <div className="data__section-head">
        <h3>Sources</h3>
        {canWrite && (
          <Button size="small" icon="plus" onClick={() => setAdding(true)}>
            Add source
          </Button>
        )}
      </div>
      {error !== null && <InlineProblem error={error} />}
      {sources?.length === 0 && (
        <p className="secondary">No source yet. Records need one for each side.</p>
      )}
      <ul className="data__sources">
        {sources?.map((source) => (
          <SourceItem key={source.id} source={source} />
        ))}
      </ul>
      <SourceDialog contextId={contextId} isOpen={isAdding} onClose={() => setAdding(false)} />
    </section>
  );
}

const SourceItem = ({ source: { id, name, type, side } }: { readonly source: Source }) => (
  <li>
    <span className="text">{name}</span>
    <span className="small secondary">
      {labelOf(SOURCE_TYPES, type)} · {labelOf(SIDES, side)} ·{" "}
      <ShortId value={id} label="source ID" />
    </span>
  </li>
);
