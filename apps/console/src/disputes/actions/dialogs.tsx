import { useState, type ComponentType } from "react";

import { Dialog } from "../../ui/dialog.tsx";
import { CloseForm } from "./close-form.tsx";
import type { DisputeDialogProps } from "./dispute-change.ts";
import { EditForm } from "./edit-form.tsx";
import { LinkForm } from "./link-form.tsx";
import { OpenForm } from "./open-form.tsx";
import { NoteForm, ReopenForm, RequestEvidenceForm } from "./text-form.tsx";

const DIALOGS = {
  open: { title: "Open this dispute", Form: OpenForm },
  edit: { title: "Edit details", Form: EditForm },
  "request-evidence": { title: "Request evidence", Form: RequestEvidenceForm },
  "add-link": { title: "Add a link", Form: LinkForm },
  note: { title: "Add a note", Form: NoteForm },
  close: { title: "Close this dispute", Form: CloseForm },
  reopen: { title: "Reopen this dispute", Form: ReopenForm },
} as const satisfies Record<
  string,
  { readonly title: string; readonly Form: ComponentType<DisputeDialogProps> }
>;

export type DialogName = keyof typeof DIALOGS;

/** The dialog that is open, if any. It stays there while it closes. */
export function DisputeDialog({
  open,
  ...props
}: DisputeDialogProps & { readonly open: DialogName | undefined }) {
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  if (shown === undefined) return null;
  const { title, Form } = DIALOGS[shown];
  return (
    <Dialog isOpen={open !== undefined} onClose={props.onClose} title={title}>
      <Form {...props} />
    </Dialog>
  );
}
