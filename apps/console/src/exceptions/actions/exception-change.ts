import type { Exception } from "@docket/client";

import type { Compared } from "../../cases/conflict.tsx";
import { useChange, type ChangeOptions } from "../../cases/use-change.ts";
import { useDocket } from "../../query/docket-context.tsx";
import { formatInstant } from "../../ui/format.ts";
import { loadException } from "../queries.ts";
import { resolutionLabel, severityWords, statusWords } from "../words.ts";

/** What every dialog of an exception gets. */
export type ExceptionDialogProps = {
  readonly exception: Exception;
  readonly onClose: () => void;
};

/** What a conflict compares. */
export const EXCEPTION_FIELDS: Compared<Exception> = {
  Status: ({ status }) => statusWords(status).label,
  Severity: ({ severity }) => severityWords(severity).label,
  "Assigned to": ({ assignedTo }) => assignedTo,
  Due: ({ dueAt }) => dueAt && formatInstant(dueAt),
  Reason: ({ reason }) => reason,
  Resolution: ({ resolutionType }) => resolutionType && resolutionLabel(resolutionType),
  Notes: ({ resolutionNotes }) => resolutionNotes,
};

/** A change of an exception from a dialog, which closes when it is done. */
export function useExceptionChange<I>(
  { exception, onClose }: ExceptionDialogProps,
  send: (input: I, options: ChangeOptions) => Promise<unknown>,
) {
  const docket = useDocket();
  return useChange<Exception, I>({
    base: exception,
    load: () => loadException(docket, exception.id),
    send,
    onDone: onClose,
  });
}
