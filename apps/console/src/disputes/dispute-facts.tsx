import type { Dispute } from "@docket/client";
import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { ShortId } from "../ui/copy.tsx";
import { formatInstant } from "../ui/format.ts";
import { Money } from "../ui/money.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";

const time = (at: string | undefined) => at && <RelativeTime at={at} />;

/** The facts of a dispute; a field without a value is undefined. */
export const disputeFacts = (dispute: Dispute) => ({
  "Respond by": dispute.respondBy && formatInstant(dispute.respondBy),
  "Assigned to": dispute.assignedTo ?? <span className="secondary">Nobody</span>,
  Reference: dispute.reference,
  Recovered: dispute.recoveredAmount && (
    <Money amount={dispute.recoveredAmount} currency={dispute.currency} />
  ),
  Exception: (
    <Link href={contextPath(dispute.contextId, "exceptions", dispute.exceptionId)}>
      Show the exception
    </Link>
  ),
  "Opened by": dispute.openedBy,
  Opened: time(dispute.openedAt),
  "Closed by": dispute.closedBy,
  Closed: time(dispute.closedAt),
  "Reopened because": dispute.reopenReason,
  Updated: time(dispute.updatedAt),
  Dispute: <ShortId value={dispute.id} label="dispute ID" />,
});
