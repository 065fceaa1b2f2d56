import type { ReactNode } from "react";

import { Button, type ButtonProps } from "../ui/button.tsx";
import { DialogActions } from "../ui/dialog.tsx";
import { InlineProblem } from "../ui/states.tsx";
import { ConflictNotice, type Compared } from "./conflict.tsx";
import type { Change } from "./use-change.ts";
import "./cases.css";

/** The form of a dialog: its fields, what went wrong, and its buttons. */
export function ChangeForm<R, I>({
  change,
  input,
  isValid = true,
  fields,
  action,
  look = "primary",
  onCancel,
  children,
}: {
  readonly change: Change<R, I>;
  /** What is sent. */
  readonly input: I;
  readonly isValid?: boolean;
  /** What a conflict compares. */
  readonly fields: Compared<R>;
  /** The verb on the button. */
  readonly action: string;
  readonly look?: ButtonProps["look"] & string;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}) {
  const { conflict, error, isPending, submit } = change;
  return (
    <form
      className="change-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) submit(input);
      }}
    >
      {conflict !== undefined && <ConflictNotice conflict={conflict} fields={fields} />}
      {error !== null && <InlineProblem error={error} />}
      {children}
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look={look} busy={isPending} disabled={!isValid}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
