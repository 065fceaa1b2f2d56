import type { UpdateExceptionRequest } from "@docket/client";
import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { DeadlineField } from "../../cases/deadline-field.tsx";
import { fromLocalInput, isLocalInput, toLocalInput } from "../../cases/deadline.ts";
import { useDocket } from "../../query/docket-context.tsx";
import { useClaims } from "../../session/session-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Field, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { SEVERITIES, SEVERITY_NAMES } from "../words.ts";
import {
  EXCEPTION_FIELDS,
  useExceptionChange,
  type ExceptionDialogProps,
} from "./exception-change.ts";

const OPTIONS = SEVERITY_NAMES.map((value) => ({
  value: value as string,
  label: SEVERITIES[value].label,
}));

/** Changes who has an exception, when it is due and how severe it is. Only what is changed here is sent. */
export function EditForm(props: ExceptionDialogProps) {
  const { exceptions } = useDocket();
  const { subject } = useClaims();
  const [base] = useState(props.exception);
  const [severity, setSeverity] = useState<string>(base.severity);
  const [assignedTo, setAssignedTo] = useState(base.assignedTo ?? "");
  const [dueAt, setDueAt] = useState(toLocalInput(base.dueAt));
  const name = assignedTo.trim();
  const wanted: UpdateExceptionRequest = {
    ...(severity !== base.severity && { severity }),
    ...(name !== (base.assignedTo ?? "") && { assignedTo: name === "" ? null : name }),
    ...(dueAt !== toLocalInput(base.dueAt) && { dueAt: fromLocalInput(dueAt) }),
  };
  const change = useExceptionChange<UpdateExceptionRequest>(props, (request, options) =>
    exceptions.update(base.id, request, options),
  );
  return (
    <ChangeForm
      change={change}
      input={wanted}
      isValid={Object.keys(wanted).length > 0 && isLocalInput(dueAt)}
      fields={EXCEPTION_FIELDS}
      action="Save changes"
      onCancel={props.onClose}
    >
      <TextField
        label="Assigned to"
        maxLength={200}
        value={assignedTo}
        onChange={(event) => setAssignedTo(event.currentTarget.value)}
        hint={
          <Button size="small" look="quiet" onClick={() => setAssignedTo(subject)}>
            Assign to me
          </Button>
        }
      />
      <div className="change-form__pair">
        <DeadlineField label="Due" value={dueAt} onChange={setDueAt} />
        <Field label="Severity">
          {({ id }) => <Select id={id} options={OPTIONS} value={severity} onChange={setSeverity} />}
        </Field>
      </div>
    </ChangeForm>
  );
}
