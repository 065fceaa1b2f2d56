import type { Exception } from "@docket/client";

import { ShortId } from "../ui/copy.tsx";
import { formatDay, formatInstant, sentenceCase } from "../ui/format.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { formatAge, resolutionLabel } from "./words.ts";

const time = (at: string | undefined) => at && <RelativeTime at={at} />;

/** The facts of an exception; a field without a value is undefined. */
export const exceptionFacts = (exception: Exception) => ({
  "Assigned to": exception.assignedTo ?? <span className="secondary">Nobody</span>,
  Due: exception.dueAt && formatInstant(exception.dueAt),
  Age: formatAge(exception.ageDays),
  Raised: time(exception.createdAt),
  Resolution: exception.resolutionType && resolutionLabel(exception.resolutionType),
  Notes: exception.resolutionNotes,
  Resolved: time(exception.resolvedAt),
  Exception: <ShortId value={exception.id} label="exception ID" />,
});

export const transactionFacts = ({ transaction }: Exception) => ({
  Reference: transaction.externalId,
  Source: transaction.sourceName,
  Date: formatDay(transaction.date),
  Description: transaction.description,
  Status: sentenceCase(transaction.status),
  Transaction: <ShortId value={transaction.id} label="transaction ID" />,
});
