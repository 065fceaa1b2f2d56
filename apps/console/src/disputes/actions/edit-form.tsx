import type { UpdateDisputeRequest } from "@docket/client";
import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { DeadlineField } from "../../cases/deadline-field.tsx";
import { fromLocalInput, isLocalInput, toLocalInput } from "../../cases/deadline.ts";
import { isText, LongText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { Field, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { CATEGORIES, can, optionsOf } from "../words.ts";
import { DISPUTE_FIELDS, useDisputeChange, type DisputeDialogProps } from "./dispute-change.ts";

/** Changes the details of a dispute; of a draft, also what it is about. Only what is changed here is sent. */
export function EditForm(props: DisputeDialogProps) {
  const { disputes } = useDocket();
  const [base] = useState(props.dispute);
  const [values, setValues] = useState(() => ({
    category: base.category,
    description: base.description,
    disputedAmount: base.disputedAmount,
    respondBy: toLocalInput(base.respondBy),
    assignedTo: base.assignedTo ?? "",
    reference: base.reference ?? "",
  }));
  const set = (changes: Partial<typeof values>): void => setValues({ ...values, ...changes });
  const change = useDisputeChange<UpdateDisputeRequest>(props, (request, options) =>
    disputes.update(base.id, request, options),
  );
  const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  const wanted: UpdateDisputeRequest = {
    ...(values.category !== base.category && { category: values.category }),
    ...(values.description !== base.description && { description: values.description.trim() }),
    ...(values.disputedAmount !== base.disputedAmount && {
      disputedAmount: values.disputedAmount.trim(),
    }),
    ...(values.respondBy !== toLocalInput(base.respondBy) && {
      respondBy: fromLocalInput(values.respondBy),
    }),
    ...(values.assignedTo !== (base.assignedTo ?? "") && { assignedTo: orNull(values.assignedTo) }),
    ...(values.reference !== (base.reference ?? "") && { reference: orNull(values.reference) }),
  };
  return (
    <ChangeForm
      change={change}
      input={wanted}
      isValid={
        Object.keys(wanted).length > 0 &&
        isText(values.description) &&
        isLocalInput(values.respondBy)
      }
      fields={DISPUTE_FIELDS}
      action="Save changes"
      onCancel={props.onClose}
    >
      {can(base, "update") && <About values={values} set={set} />}
      <div className="change-form__pair">
        <TextField
          label={`Disputed amount (${base.currency})`}
          inputMode="decimal"
          value={values.disputedAmount}
          onChange={(event) => set({ disputedAmount: event.currentTarget.value })}
        />
        <DeadlineField
          label="Respond by"
          value={values.respondBy}
          onChange={(respondBy) => set({ respondBy })}
        />
        <TextField
          label="Assigned to"
          maxLength={200}
          value={values.assignedTo}
          onChange={(event) => set({ assignedTo: event.currentTarget.value })}
        />
        <TextField
          label="Reference of the counterparty"
          maxLength={200}
          value={values.reference}
          onChange={(event) => set({ reference: event.currentTarget.value })}
        />
      </div>
    </ChangeForm>
  );
}

type AboutValues = { readonly category: string; readonly description: string };

function About({
  values: { category, description },
  set,
}: {
  readonly values: AboutValues;
  readonly set: (changes: Partial<AboutValues>) => void;
}) {
  return (
    <>
      <Field label="Category">
        {({ id }) => (
          <Select
            id={id}
            options={optionsOf<string>(CATEGORIES)}
            value={category}
            onChange={(next) => set({ category: next })}
          />
        )}
      </Field>
      <LongText
        label="Description"
        value={description}
        onChange={(next) => set({ description: next })}
      />
    </>
  );
}
