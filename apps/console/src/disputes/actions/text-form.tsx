import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { isText, LongText } from "../../cases/long-text.tsx";
import type { ChangeOptions } from "../../cases/use-change.ts";
import { useDocket } from "../../query/docket-context.tsx";
import { DISPUTE_FIELDS, useDisputeChange, type DisputeDialogProps } from "./dispute-change.ts";

/** A dialog that asks for one text. */
function TextForm({
  label,
  action,
  send,
  ...props
}: DisputeDialogProps & {
  readonly label: string;
  readonly action: string;
  readonly send: (text: string, options: ChangeOptions) => Promise<unknown>;
}) {
  const [text, setText] = useState("");
  const change = useDisputeChange(props, send);
  return (
    <ChangeForm
      change={change}
      input={text.trim()}
      isValid={isText(text)}
      fields={DISPUTE_FIELDS}
      action={action}
      onCancel={props.onClose}
    >
      <LongText label={label} value={text} onChange={setText} />
    </ChangeForm>
  );
}

export function RequestEvidenceForm(props: DisputeDialogProps) {
  const { disputes } = useDocket();
  return (
    <TextForm
      {...props}
      label="What is needed, and from whom"
      action="Request evidence"
      send={(note, options) => disputes.requestEvidence(props.dispute.id, { note }, options)}
    />
  );
}

export function ReopenForm(props: DisputeDialogProps) {
  const { disputes } = useDocket();
  return (
    <TextForm
      {...props}
      label="Reason"
      action="Reopen dispute"
      send={(reason, options) => disputes.reopen(props.dispute.id, { reason }, options)}
    />
  );
}

export function NoteForm(props: DisputeDialogProps) {
  const { disputes } = useDocket();
  return (
    <TextForm
      {...props}
      label="Note"
      action="Add note"
      // A note is right whatever has changed meanwhile.
      send={(note, { idempotencyKey }) =>
        disputes.addNote(props.dispute.id, { note }, { idempotencyKey })
      }
    />
  );
}
