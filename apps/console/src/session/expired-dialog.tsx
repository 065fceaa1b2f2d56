import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useState } from "react";

import { Button } from "../ui/button.tsx";
import { DialogActions } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { useSessionStore, useSignIn } from "./session-context.tsx";
import { tokenInFragment } from "./session.ts";

/** Opens above the current screen when the token expires, so that forms keep their entries. */
export function ExpiredDialog({ isOpen }: { readonly isOpen: boolean }) {
  const signIn = useSignIn();
  return (
    <AlertDialog.Root open={isOpen}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog dialog--small">
          <header className="dialog__header">
            <AlertDialog.Title>Your session has expired</AlertDialog.Title>
          </header>
          {signIn.kind === "provider" ? (
            <>
              <AlertDialog.Description className="dialog__description secondary">
                You return to this page after you have signed in again. What you have typed and not
                saved is lost.
              </AlertDialog.Description>
              <DialogActions>
                <ProviderButton start={signIn.start} />
              </DialogActions>
            </>
          ) : (
            <LinkForm />
          )}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function LinkForm() {
  const store = useSessionStore();
  const [link, setLink] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const open = (): void => {
    const token = tokenInFragment(link.slice(link.indexOf("#")).trim());
    if (token !== undefined) store.signIn(token);
    setFailed(store.get().state === "expired");
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <AlertDialog.Description className="dialog__description secondary">
        Nothing that you have typed is lost. Paste the link that{" "}
        <span className="mono">npm start</span> prints to go on.
      </AlertDialog.Description>
      <TextField
        label="Sign-in link"
        type="password"
        autoComplete="off"
        value={link}
        onChange={(event) => setLink(event.currentTarget.value)}
        error={hasFailed ? "This link is not valid. Start Docket again for a new one." : undefined}
      />
      <DialogActions>
        <Button type="submit" look="primary">
          Continue
        </Button>
      </DialogActions>
    </form>
  );
}
