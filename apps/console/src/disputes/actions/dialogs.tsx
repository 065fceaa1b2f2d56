import { FormDialog, type DialogForm } from "../../cases/form-dialog.tsx";
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
} as const satisfies Record<string, DialogForm<DisputeDialogProps>>;

export type DialogName = keyof typeof DIALOGS;

/** The dialog that is open, if any. */
export const DisputeDialog = ({
  open,
  ...form
}: DisputeDialogProps & { readonly open: DialogName | undefined }) => (
  <FormDialog dialogs={DIALOGS} open={open} form={form} />
);
