import type { Event } from "@docket/client";
import { Link } from "wouter";

import { tenantPath, withQuery } from "../app/paths.ts";
import { ShortId } from "../ui/copy.tsx";
import { formatCount } from "../ui/format.ts";
import { Facts, Panel } from "../ui/panel.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { EmptyState, InlineProblem } from "../ui/states.tsx";
import { useEvent } from "./queries.ts";
import { resourceHref } from "./resource-link.ts";

/** One event with its data. */
export function EventPanel({
  seq,
  closeHref,
}: {
  /** Undefined if the URL has no number. */
  readonly seq: number | undefined;
  readonly closeHref: string;
}) {
  const { data: event, error, isPending } = useEvent(seq ?? 0);
  return (
    <Panel title={event?.type ?? "Event"} closeHref={closeHref} backLabel="Events">
      {error !== null && <InlineProblem error={error} />}
      {isPending && <Skeleton />}
      {event === null && (
        <EmptyState icon="search" title="There is no such event">
          Its number may be wrong, or it has expired.
        </EmptyState>
      )}
      {event !== null && event !== undefined && <Details event={event} />}
    </Panel>
  );
}

function Details({ event }: { readonly event: Event }) {
  const { subject, data } = event;
  const href = resourceHref(subject, data);
  const history = withQuery(tenantPath("events"), { subject });
  return (
    <>
      <section>
        <Facts facts={factsOf(event)} />
        <p className="events__links">
          {href !== undefined && <Link href={href}>Open the item</Link>}
          <Link href={history}>All events of this item</Link>
        </p>
      </section>
      <section>
        <h3>Data</h3>
        {data === null ? (
          <p className="secondary">Erased, or not visible with your permissions.</p>
        ) : (
          // A scrollable region must be reachable by keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          <pre className="events__data mono" tabIndex={0} role="region" aria-label="Data">
            {JSON.stringify(data, null, 2)}
          </pre>
        )}
      </section>
    </>
  );
}

const factsOf = ({ id, seq, subject, actor, at, requestId, hash, dataHash }: Event) => ({
  Number: formatCount(seq),
  Item: <span className="mono">{subject}</span>,
  By: actor,
  When: <RelativeTime at={at} />,
  Event: <ShortId value={id} label="event ID" />,
  Request: requestId && <ShortId value={requestId} label="request ID" />,
  "Hash of the chain": <ShortId value={hash} label="hash" head={8} tail={8} />,
  "Hash of the data": <ShortId value={dataHash} label="hash of the data" head={8} tail={8} />,
});
