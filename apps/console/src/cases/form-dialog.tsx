import { useState, type ComponentType } from "react";

import { Dialog } from "../ui/dialog.tsx";

type FormProps = { readonly onClose: () => void };

/** A form that is shown in a dialog, and the title of the dialog. */
export type DialogForm<P extends FormProps> = {
  readonly title: string;
  readonly Form: ComponentType<P>;
};

/** Shows the form named `open` in a dialog. The form stays there while the dialog closes. */
export function FormDialog<P extends FormProps, Name extends string>({
  dialogs,
  open,
  form,
}: {
  readonly dialogs: Readonly<Record<Name, DialogForm<P>>>;
  readonly open: Name | undefined;
  readonly form: P;
}) {
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  if (shown === undefined) return null;
  const { title, Form } = dialogs[shown];
  return (
    <Dialog isOpen={open !== undefined} onClose={form.onClose} title={title}>
      <Form {...form} />
    </Dialog>
  );
}
