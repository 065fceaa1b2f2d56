import type { BulkChange, Exception } from "@docket/client";
import { useState } from "react";

import { DeadlineField } from "../../cases/deadline-field.tsx";
import { fromLocalInput, isLocalInput } from "../../cases/deadline.ts";
import { isText, LongText } from "../../cases/long-text.tsx";
import { refreshCases } from "../../cases/use-change.ts";
import { useDocket } from "../../query/docket-context.tsx";
import { useSubmit } from "../../query/submit.ts";
import { Button } from "../../ui/button.tsx";
import { DialogActions } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { InlineProblem } from "../../ui/states.tsx";
import { ResolutionFields } from "../actions/resolution-fields.tsx";
import { resolutionType } from "../words.ts";
import { BulkOutcomeList } from "./bulk-outcomes.tsx";

export type BulkAction = BulkChange["action"];

type Values = {
  readonly assignedTo: string;
  readonly dueAt: string;
  readonly type: string;
  readonly notes: string;
};

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** What is sent for each action. */
const CHANGES = {
  assign: ({ assignedTo }) => ({ action: "assign", assignedTo: orNull(assignedTo) }),
  "set-due-date": ({ dueAt }) => ({ action: "set-due-date", dueAt: fromLocalInput(dueAt) }),
  resolve: ({ type, notes }) => ({
    action: "resolve",
    resolutionType: resolutionType(type),
    resolutionNotes: notes.trim(),
  }),
} as const satisfies { readonly [A in BulkAction]: (values: Values) => { readonly action: A } };

/** Changes up to 100 exceptions with one remark, then shows what happened to each. */
export function BulkForm({
  action,
  exceptions,
  onClose,
  onApplied,
}: {
  readonly action: BulkAction;
  readonly exceptions: readonly Exception[];
  readonly onClose: () => void;
  readonly onApplied: () => void;
}) {
  const [values, setValues] = useState<Values>({ assignedTo: "", dueAt: "", type: "", notes: "" });
  const [remark, setRemark] = useState("");
  const { data, error, isPending, submit } = useBulk(onApplied);
  const isValid =
    isText(remark, 1_000) &&
    isLocalInput(values.dueAt) &&
    (action !== "resolve" || (isText(values.type, 200) && isText(values.notes)));
  if (data !== undefined) {
    return <BulkOutcomeList exceptions={exceptions} results={data.results} onClose={onClose} />;
  }
  return (
    <form
      className="change-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const exceptionIds = exceptions.map(({ id }) => id);
        if (isValid) submit({ exceptionIds, remark: remark.trim(), ...CHANGES[action](values) });
      }}
    >
      {error !== null && <InlineProblem error={error} />}
      <ActionFields action={action} values={values} onChange={setValues} />
      <LongText label="Remark" value={remark} onChange={setRemark} max={1_000} rows={2} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={isPending} disabled={!isValid}>
          Apply
        </Button>
      </DialogActions>
    </form>
  );
}

function useBulk(onApplied: () => void) {
  const docket = useDocket();
  return useSubmit({
    send: (change: BulkChange, options) => docket.exceptions.bulk(change, options),
    onSuccess: onApplied,
    refresh: refreshCases,
  });
}

function ActionFields({
  action,
  values,
  onChange,
}: {
  readonly action: BulkAction;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}) {
  if (action === "resolve") {
    return (
      <ResolutionFields value={values} onChange={(next) => onChange({ ...values, ...next })} />
    );
  }
  return action === "assign" ? (
    <TextField
      label="Assigned to"
      maxLength={200}
      value={values.assignedTo}
      onChange={(event) => onChange({ ...values, assignedTo: event.currentTarget.value })}
      hint="Leave it empty to unassign."
    />
  ) : (
    <DeadlineField
      label="Due"
      value={values.dueAt}
      onChange={(dueAt) => onChange({ ...values, dueAt })}
      hint="Leave it empty to clear the due date."
    />
  );
}
