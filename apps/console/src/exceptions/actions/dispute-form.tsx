import type { CreateDisputeRequest } from "@docket/client";
import { useState } from "react";
import { useLocation } from "wouter";

import { contextPath } from "../../app/paths.ts";
import { ChangeForm } from "../../cases/change-form.tsx";
import { DeadlineField } from "../../cases/deadline-field.tsx";
import { fromLocalInput, isLocalInput } from "../../cases/deadline.ts";
import { isText, LongText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { useFormDialog } from "../../ui/dialog-state.ts";
import { Checkbox, Field, TextField } from "../../ui/field.tsx";
import { sentenceCase } from "../../ui/format.ts";
import { Select } from "../../ui/select.tsx";
import { toasts } from "../../ui/toast.ts";
import {
  EXCEPTION_FIELDS,
  useExceptionChange,
  type ExceptionDialogProps,
} from "./exception-change.ts";

const CATEGORIES = ["BANK_FEE_ERROR", "UNRECOGNIZED_CHARGE", "DUPLICATE_TRANSACTION", "OTHER"].map(
  (value) => ({ value, label: sentenceCase(value) }),
);

/** Contests the charge behind an exception, and goes to the new dispute unless the form is closed by then. */
export function DisputeForm(props: ExceptionDialogProps) {
  const { id, contextId, transaction } = props.exception;
  const { disputes } = useDocket();
  const [, navigate] = useLocation();
  const dialog = useFormDialog();
  const [category, setCategory] = useState("UNRECOGNIZED_CHARGE");
  const [description, setDescription] = useState("");
  const whole = transaction.amount.replace("-", "");
  const [amount, setAmount] = useState(whole);
  const [respondBy, setRespondBy] = useState("");
  const [reference, setReference] = useState("");
  const [isDraft, setDraft] = useState(false);
  const due = fromLocalInput(respondBy);
  const input: CreateDisputeRequest = {
    category,
    description: description.trim(),
    // The whole amount is the default. If it is 0, the API takes it only as the default.
    ...(amount.trim() !== whole && { disputedAmount: amount.trim() }),
    draft: isDraft,
    ...(due !== null && { respondBy: due }),
    ...(reference.trim() !== "" && { reference: reference.trim() }),
  };
  const change = useExceptionChange<CreateDisputeRequest>(
    props,
    // A dispute changes nothing of the exception that others may have changed.
    async (request, { idempotencyKey }) => {
      const dispute = await disputes.create(id, request, { idempotencyKey });
      const show = (): void => navigate(contextPath(contextId, "disputes", dispute.id));
      if (dialog?.isShown() === true) return show();
      toasts.add({
        title: isDraft ? "Draft saved" : "Dispute opened",
        description: transaction.externalId,
        actionProps: { children: "Show dispute", onClick: show },
      });
    },
  );
  return (
    <ChangeForm
      change={change}
      input={input}
      isValid={isText(description) && amount.trim() !== "" && isLocalInput(respondBy)}
      fields={EXCEPTION_FIELDS}
      action={isDraft ? "Save draft" : "Open dispute"}
      onCancel={props.onClose}
    >
      <Field label="Category">
        {(control) => (
          <Select id={control.id} options={CATEGORIES} value={category} onChange={setCategory} />
        )}
      </Field>
      <LongText label="What is wrong" value={description} onChange={setDescription} />
      <div className="change-form__pair">
        <TextField
          label={`Disputed amount (${transaction.currency})`}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <DeadlineField label="Respond by" value={respondBy} onChange={setRespondBy} />
      </div>
      <TextField
        label="Reference of the counterparty"
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <Checkbox
        label="Save as a draft, to be opened later"
        checked={isDraft}
        onChange={(event) => setDraft(event.currentTarget.checked)}
      />
    </ChangeForm>
  );
}
