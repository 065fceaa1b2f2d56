import { FormDialog, type DialogForm } from "../../cases/form-dialog.tsx";
import { DisputeForm } from "./dispute-form.tsx";
import { EditForm } from "./edit-form.tsx";
import type { ExceptionDialogProps } from "./exception-change.ts";
import { ReopenForm, ResolveForm } from "./resolve-form.tsx";

const DIALOGS = {
  edit: { title: "Assign and schedule", Form: EditForm },
  resolve: { title: "Resolve this exception", Form: ResolveForm },
  reopen: { title: "Reopen this exception", Form: ReopenForm },
  dispute: { title: "Open a dispute", Form: DisputeForm },
} as const satisfies Record<string, DialogForm<ExceptionDialogProps>>;

export type DialogName = keyof typeof DIALOGS;

/** The dialog that is open, if any. */
export const ExceptionDialog = ({
  open,
  ...form
}: ExceptionDialogProps & { readonly open: DialogName | undefined }) => (
  <FormDialog dialogs={DIALOGS} open={open} form={form} />
);
