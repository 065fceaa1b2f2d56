import { EmptyState } from "../ui/states.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { useSignIn } from "./session-context.tsx";

/** How to sign in. */
export function SignedOut({ wasExpired }: { readonly wasExpired: boolean }) {
  const signIn = useSignIn();
  const title = wasExpired ? "Your session has expired" : "Sign in to Docket";
  return (
    <main>
      <h1 className="visually-hidden">Docket</h1>
      {signIn.kind === "link" && (
        <EmptyState icon="lock" title={title}>
          Open the link that <span className="mono">npm start</span> prints. It signs you in until
          it expires.
        </EmptyState>
      )}
      {signIn.kind === "none" && (
        <EmptyState icon="lock" title="Nobody can sign in yet">
          An administrator sets up the sign-in with{" "}
          <span className="mono">CONSOLE_OIDC_ISSUER</span>.
        </EmptyState>
      )}
      {signIn.kind === "provider" && (
        <EmptyState icon="lock" title={title} action={<ProviderButton start={signIn.start} />}>
          {signIn.fault ?? "You sign in at the identity provider of your organization."}
        </EmptyState>
      )}
    </main>
  );
}
