import { useState } from "react";

import { Button } from "../ui/button.tsx";

/** Leaves the page for the identity provider's. */
export function ProviderButton({ start }: { readonly start: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    setFailed(false);
    try {
      await start();
    } catch {
      setBusy(false);
      setFailed(true);
    }
  };
  return (
    <>
      <Button look="primary" busy={isBusy} onClick={() => void leave()}>
        Sign in
      </Button>
      <p role="status" className="secondary">
        {hasFailed && "Your identity provider does not answer. Try again in a moment."}
      </p>
    </>
  );
}
