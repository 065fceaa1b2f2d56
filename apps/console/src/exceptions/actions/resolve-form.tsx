import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { isText, LongText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import {
  EXCEPTION_FIELDS,
  useExceptionChange,
  type ExceptionDialogProps,
} from "./exception-change.ts";
import { resolutionType } from "../words.ts";
import { ResolutionFields, type Resolution } from "./resolution-fields.tsx";

export function ResolveForm(props: ExceptionDialogProps) {
  const { exceptions } = useDocket();
  const [resolution, setResolution] = useState<Resolution>({ type: "", notes: "" });
  const input = {
    resolutionType: resolutionType(resolution.type),
    resolutionNotes: resolution.notes.trim(),
  };
  const change = useExceptionChange<typeof input>(props, (request, options) =>
    exceptions.resolve(props.exception.id, request, options),
  );
  return (
    <ChangeForm
      change={change}
      input={input}
      isValid={isText(resolution.type, 200) && isText(resolution.notes)}
      fields={EXCEPTION_FIELDS}
      action="Resolve exception"
      onCancel={props.onClose}
    >
      <ResolutionFields value={resolution} onChange={setResolution} />
    </ChangeForm>
  );
}

export function ReopenForm(props: ExceptionDialogProps) {
  const { exceptions } = useDocket();
  const [reason, setReason] = useState("");
  const change = useExceptionChange<string>(props, (text, options) =>
    exceptions.reopen(props.exception.id, { reason: text }, options),
  );
  return (
    <ChangeForm
      change={change}
      input={reason.trim()}
      isValid={isText(reason)}
      fields={EXCEPTION_FIELDS}
      action="Reopen exception"
      onCancel={props.onClose}
    >
      <LongText label="Reason" value={reason} onChange={setReason} />
    </ChangeForm>
  );
}
