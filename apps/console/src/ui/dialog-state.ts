import { createContext, useContext, useEffect, useRef, type RefObject } from "react";

/** While its value is true, the dialogs within stay open: Esc is for another dialog above them. */
export const HeldDialogs = createContext(false);

type DialogState = { readonly title: string; readonly isOpen: boolean };

/** The dialog around a form. */
export const DialogContext = createContext<RefObject<DialogState> | undefined>(undefined);

/** For a dialog: what the forms in it read when a call has ended. */
export function useDialogState(title: string, isOpen: boolean): RefObject<DialogState> {
  const state = useRef<DialogState>({ title, isOpen });
  useEffect(() => {
    if (!isOpen) return undefined;
    state.current = { title, isOpen };
    return () => {
      state.current = { title, isOpen: false };
    };
  }, [title, isOpen]);
  return state;
}

/** @returns the title of the dialog around a form, and whether the form is still shown in it; undefined outside of dialogs */
export function useFormDialog():
  | { readonly title: () => string; readonly isShown: () => boolean }
  | undefined {
  const dialog = useContext(DialogContext);
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return (
    dialog && {
      title: () => dialog.current.title,
      isShown: () => isMounted.current && dialog.current.isOpen,
    }
  );
}
