import { EmptyState } from "../ui/states.tsx";

/** How to sign in. A session that has expired continues where it was: the URL stays. */
export function SignedOut({ wasExpired }: { readonly wasExpired: boolean }) {
  return (
    <main>
      <EmptyState icon="lock" title={wasExpired ? "Your session has expired" : "Sign in to Docket"}>
        Open the link that <span className="mono">npm start</span> prints. It signs you in for as
        long as its token is valid.
      </EmptyState>
    </main>
  );
}
