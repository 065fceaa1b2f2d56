import { useState } from "react";

import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { useSignIn } from "./session-context.tsx";
import type { SignIn } from "./sign-in.ts";

/** How to sign in. A session that has expired continues where it was: the URL stays. */
export function SignedOut({ wasExpired }: { readonly wasExpired: boolean }) {
  const signIn = useSignIn();
  const title = wasExpired ? "Your session has expired" : "Sign in to Docket";
  return (
    <main>
      <h1 className="visually-hidden">Docket</h1>
      {signIn === undefined ? (
        <EmptyState icon="lock" title={title}>
          Open the link that <span className="mono">npm start</span> prints. It signs you in for as
          long as its token is valid.
        </EmptyState>
      ) : (
        <ProviderSignIn title={title} signIn={signIn} />
      )}
    </main>
  );
}

function ProviderSignIn({ title, signIn }: { readonly title: string; readonly signIn: SignIn }) {
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      await signIn.start();
    } catch {
      setBusy(false);
      setFailed(true);
    }
  };
  return (
    <EmptyState
      icon="lock"
      title={title}
      action={
        <Button look="primary" busy={isBusy} onClick={() => void start()}>
          Sign in
        </Button>
      }
    >
      {hasFailed
        ? "Your identity provider does not answer. Try again in a moment."
        : "You sign in at the identity provider of your organization."}
    </EmptyState>
  );
}
