import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { useContext, useRef, type ReactNode } from "react";

import { Button, IconButton, type ButtonProps } from "./button.tsx";
import { DialogContext, HeldDialogs, useDialogState } from "./dialog-state.ts";
import "./dialog.css";

/** The first field, rather than the close button. */
const FIRST_FIELD = "input:checked, input:not([type=radio], [type=checkbox]), textarea";

type ChangeDetails = { readonly cancel: () => void };

function useOnOpenChange(onClose: () => void) {
  const isHeld = useContext(HeldDialogs);
  return (isOpen: boolean, change: ChangeDetails): void => {
    if (isHeld) change.cancel();
    else if (!isOpen) onClose();
  };
}

/** A dialog that its owner opens. Esc and the cross close it; the focus returns to where it came from. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  size = "medium",
  closesOnBackdrop = false,
  children,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: "medium" | "large";
  /** For what can be opened again as it was: a click beside a form must not lose its entries. */
  readonly closesOnBackdrop?: boolean;
  readonly children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  const onOpenChange = useOnOpenChange(onClose);
  const state = useDialogState(title, isOpen);
  return (
    <BaseDialog.Root
      open={isOpen}
      onOpenChange={onOpenChange}
      disablePointerDismissal={!closesOnBackdrop}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup
          ref={popup}
          className={`dialog dialog--${size}`}
          initialFocus={() => popup.current?.querySelector<HTMLElement>(FIRST_FIELD) ?? true}
        >
          <header className="dialog__header">
            <BaseDialog.Title>{title}</BaseDialog.Title>
            <BaseDialog.Close render={<IconButton label="Close" icon="x" />} />
          </header>
          {description !== undefined && (
            <BaseDialog.Description className="dialog__description secondary">
              {description}
            </BaseDialog.Description>
          )}
          <DialogContext value={state}>{children}</DialogContext>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The last row of a dialog: what leaves it, and what does it. */
export const DialogActions = ({ children }: { readonly children: ReactNode }) => (
  <footer className="dialog__actions">{children}</footer>
);

/** Asks before what cannot be undone. */
export function Confirm({
  isOpen,
  onClose,
  onConfirm,
  title,
  children,
  action,
  dismissal = "Cancel",
  look = "danger",
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  /** The consequence. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  /** On the button that leaves everything as it is. */
  readonly dismissal?: string;
  readonly look?: ButtonProps["look"] & string;
}) {
  const onOpenChange = useOnOpenChange(onClose);
  const confirm = (): void => {
    onClose();
    onConfirm();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog dialog--small">
          <header className="dialog__header">
            <AlertDialog.Title>{title}</AlertDialog.Title>
          </header>
          <AlertDialog.Description className="dialog__description secondary text">
            {children}
          </AlertDialog.Description>
          <DialogActions>
            <AlertDialog.Close render={<Button>{dismissal}</Button>} />
            <Button look={look} onClick={confirm}>
              {action}
            </Button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
