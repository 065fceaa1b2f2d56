import type { Dispute } from "@docket/client";

import type { Compared } from "../../cases/conflict.tsx";
import { useChange, type ChangeOptions } from "../../cases/use-change.ts";
import { useDocket } from "../../query/docket-context.tsx";
import { formatAmount, formatInstant, sentenceCase } from "../../ui/format.ts";
import { loadDispute } from "../queries.ts";
import { stateWords } from "../words.ts";

/** What every dialog of a dispute gets. */
export type DisputeDialogProps = { readonly dispute: Dispute; readonly onClose: () => void };

/** What a conflict compares. */
export const DISPUTE_FIELDS: Compared<Dispute> = {
  State: ({ state }) => stateWords(state).label,
  Category: ({ category }) => sentenceCase(category),
  Description: ({ description }) => description,
  Amount: ({ disputedAmount, currency }) => `${formatAmount(disputedAmount, currency)} ${currency}`,
  "Respond by": ({ respondBy }) => respondBy && formatInstant(respondBy),
  "Assigned to": ({ assignedTo }) => assignedTo,
  Reference: ({ reference }) => reference,
  Evidence: ({ evidence }) => String(evidence.length),
  Resolution: ({ resolution }) => resolution,
};

/** A change of a dispute from a dialog, which closes when it is done. */
export function useDisputeChange<I>(
  { dispute, onClose }: DisputeDialogProps,
  send: (input: I, options: ChangeOptions) => Promise<unknown>,
) {
  const docket = useDocket();
  return useChange<Dispute, I>({
    base: dispute,
    load: () => loadDispute(docket, dispute.id),
    send,
    onDone: onClose,
  });
}
