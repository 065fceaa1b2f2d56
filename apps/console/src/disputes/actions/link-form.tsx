import { useState } from "react";

import { ChangeForm } from "../../cases/change-form.tsx";
import { isText, LongText } from "../../cases/long-text.tsx";
import { useDocket } from "../../query/docket-context.tsx";
import { Field, TextField } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { KINDS, optionsOf } from "../words.ts";
import { DISPUTE_FIELDS, useDisputeChange, type DisputeDialogProps } from "./dispute-change.ts";

/** Adds evidence that is a link. */
export function LinkForm(props: DisputeDialogProps) {
  const { evidence } = useDocket();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("OTHER");
  const [fileUrl, setFileUrl] = useState("");
  const [comment, setComment] = useState("");
  const isLink = /^https:\/\/[^\s/]/i.test(fileUrl.trim());
  const input = { kind, fileUrl: fileUrl.trim(), comment: comment.trim() };
  const change = useDisputeChange<typeof input>(
    props,
    // Evidence is added beside that of others.
    (request, { idempotencyKey }) => evidence.add(props.dispute.id, request, { idempotencyKey }),
  );
  return (
    <ChangeForm
      change={change}
      input={input}
      isValid={isLink && isText(comment, 1_000)}
      fields={DISPUTE_FIELDS}
      action="Add link"
      onCancel={props.onClose}
    >
      <TextField
        label="Link"
        type="url"
        maxLength={2_048}
        placeholder="https://"
        value={fileUrl}
        onChange={(event) => setFileUrl(event.currentTarget.value)}
        error={fileUrl === "" || isLink ? undefined : "Enter a link that begins with https://."}
      />
      <Field label="Kind">
        {({ id }) => <Select id={id} options={optionsOf(KINDS)} value={kind} onChange={setKind} />}
      </Field>
      <LongText label="Comment" value={comment} onChange={setComment} max={1_000} rows={2} />
    </ChangeForm>
  );
}
