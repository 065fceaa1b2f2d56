import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { isText, LongText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { RadioGroup, TextField } from "../../ui/field.tsx";
import { formatAmount } from "../../ui/format.ts";
import { DISPUTE_FIELDS, useDisputeChange, type DisputeDialogProps } from "./dispute-change.ts";

const OUTCOMES = [
  { value: "won", label: "Won", hint: "Final. A won dispute cannot be reopened." },
  { value: "lost", label: "Lost", hint: "Can be reopened if there is new evidence." },
] as const;

const AMOUNT = /^\d{1,20}(\.\d{1,8})?$/;

/** Closes a dispute: won, with what was recovered, or lost. */
export function CloseForm(props: DisputeDialogProps) {
  const { id, disputedAmount, currency } = props.dispute;
  const { disputes } = useDocket();
  const [outcome, setOutcome] = useState<"won" | "lost" | "">("");
  const [resolution, setResolution] = useState("");
  const [amount, setAmount] = useState(disputedAmount);
  const won = outcome === "won";
  const isAmount = AMOUNT.test(amount.trim());
  const input = {
    won,
    resolution: resolution.trim(),
    // The whole amount is the default. If it is 0, the API takes it only as the default.
    ...(won && amount.trim() !== disputedAmount && { recoveredAmount: amount.trim() }),
  };
  const change = useDisputeChange<typeof input>(props, (request, options) =>
    disputes.close(id, request, options),
  );
  return (
    <ChangeForm
      change={change}
      input={input}
      isValid={outcome !== "" && isText(resolution) && (!won || isAmount)}
      fields={DISPUTE_FIELDS}
      action="Close dispute"
      onCancel={props.onClose}
    >
      <RadioGroup label="Outcome" options={OUTCOMES} value={outcome} onChange={setOutcome} />
      {won && (
        <TextField
          label={`Recovered amount (${currency})`}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          hint={`At most ${formatAmount(disputedAmount, currency)}`}
          error={isAmount ? undefined : "Enter an amount such as 1234.56."}
        />
      )}
      <LongText label="Resolution" value={resolution} onChange={setResolution} />
    </ChangeForm>
  );
}
