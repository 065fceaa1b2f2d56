import type { ReactNode } from "react";

import { Button } from "./button.tsx";
import { DialogActions } from "./dialog.tsx";
import { InlineProblem } from "./states.tsx";

/** The end of a form that creates something: why the call has failed, what leaves the dialog, and what sends the form. */
export function CreateFooter({
  call: { error, isPending },
  action,
  onClose,
  children,
}: {
  readonly call: { readonly error: unknown; readonly isPending: boolean };
  /** The verb on the button. */
  readonly action: string;
  readonly onClose: () => void;
  /** What stands before the buttons. */
  readonly children?: ReactNode;
}) {
  return (
    <>
      {error !== null && <InlineProblem error={error} />}
      <DialogActions>
        {children}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={isPending}>
          {action}
        </Button>
      </DialogActions>
    </>
  );
}
