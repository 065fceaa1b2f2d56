import type { Event } from "@docket/client";

import { tenantPath } from "../app/paths.ts";
import { DataTable, type Column } from "../ui/data-table.tsx";
import { formatCount } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";

const COLUMNS: readonly Column<Event>[] = [
  { id: "type", header: "Event", cell: ({ type }) => type },
  {
    id: "subject",
    header: "Item",
    priority: "low",
    cell: ({ subject }) => (
      <span className="events__subject mono truncate" title={subject}>
        {subject}
      </span>
    ),
  },
  {
    id: "actor",
    header: "By",
    priority: "lowest",
    cell: ({ actor }) => <span className="events__actor truncate">{actor}</span>,
  },
  { id: "at", header: "When", cell: ({ at }) => <RelativeTime at={at} focusable={false} /> },
  {
    id: "seq",
    header: "Number",
    align: "end",
    priority: "low",
    cell: ({ seq }) => formatCount(seq),
  },
];

export function EventTable({
  events,
  openId,
  query,
}: {
  readonly events: readonly Event[];
  readonly openId: string | undefined;
  readonly query: string;
}) {
  return (
    <DataTable
      label="Events"
      columns={COLUMNS}
      rows={events}
      rowKey={({ seq }) => String(seq)}
      rowHref={({ seq }) => `${tenantPath("events", String(seq))}${query}`}
      openKey={openId}
    />
  );
}
