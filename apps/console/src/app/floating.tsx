import { ExpiredDialog } from "../session/expired-dialog.tsx";
import { Toasts } from "../ui/toast-list.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";

export type FloatingProps = {
  readonly isExpired: boolean;
  readonly areShortcutsOpen: boolean;
  readonly onCloseShortcuts: () => void;
};

/** What floats above every screen. No screen needs it at first, so it is a file of its own. */
export const Floating = ({ isExpired, areShortcutsOpen, onCloseShortcuts }: FloatingProps) => (
  <>
    <ShortcutsDialog isOpen={areShortcutsOpen} onClose={onCloseShortcuts} />
    <ExpiredDialog isOpen={isExpired} />
    <Toasts />
  </>
);
