import { useState, type ComponentType } from "react";

import { Dialog } from "../../ui/dialog.tsx";
import { DisputeForm } from "./dispute-form.tsx";
import { EditForm } from "./edit-form.tsx";
import type { ExceptionDialogProps } from "./exception-change.ts";
import { ReopenForm, ResolveForm } from "./resolve-form.tsx";

const DIALOGS = {
  edit: { title: "Assign and schedule", Form: EditForm },
  resolve: { title: "Resolve this exception", Form: ResolveForm },
  reopen: { title: "Reopen this exception", Form: ReopenForm },
  dispute: { title: "Open a dispute", Form: DisputeForm },
} as const satisfies Record<
  string,
  { readonly title: string; readonly Form: ComponentType<ExceptionDialogProps> }
>;

export type DialogName = keyof typeof DIALOGS;

/** The dialog that is open, if any. It stays there while it closes. */
export function ExceptionDialog({
  open,
  ...props
}: ExceptionDialogProps & { readonly open: DialogName | undefined }) {
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
