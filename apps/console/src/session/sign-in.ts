import { signInAndRenew } from "./renew.ts";
import type { SessionStore } from "./session.ts";
import type { OidcSettings } from "./settings.ts";

/** How people sign in here. */
export type SignIn =
  | {
      readonly kind: "provider";
      /** Leaves the page for the provider's. */
      readonly start: () => Promise<void>;
      /** Why the last sign-in has failed. */
      readonly fault: string | undefined;
    }
  /** By the link of `npm start`. */
  | { readonly kind: "link" }
  | { readonly kind: "none" };

/** Remembers the sign-in of this tab, so that a reload resumes it. */
const RESUME_KEY = "docket.signed-in";

const isAnswer = (parameters: URLSearchParams): boolean =>
  parameters.has("state") && (parameters.has("code") || parameters.has("error"));

/**
 * Signs in with the answer of the provider in the URL, or resumes the session of a page that was loaded again, without asking
 * (`prompt=none`). Resolves when the state of the session is known, and never if the page redirects to the provider.
 */
export async function openSignIn(store: SessionStore, settings: OidcSettings): Promise<SignIn> {
  const oidc = await import("./oidc.ts");
  let fault: string | undefined;
  const url = new URL(window.location.href);
  if (isAnswer(url.searchParams)) {
    const pending = oidc.takePending();
    // The code leaves the URL before anything else can read it there.
    window.history.replaceState(null, "", `${url.origin}${pending?.path ?? "/"}`);
    if (pending !== undefined) {
      try {
        const tokens = await oidc.exchangeCode(settings, url, pending);
        const renew = (refreshToken: string) => oidc.renewTokens(settings, refreshToken);
        void signInAndRenew(store, tokens, renew).catch(() => undefined);
      } catch (error) {
        // With `prompt=none`, the provider refuses if it must ask the user something. The user then signs in by hand.
        fault = pending.prompt === "none" ? undefined : oidc.describeFault(error);
      }
    }
  } else if (sessionStorage.getItem(RESUME_KEY) !== null) {
    sessionStorage.removeItem(RESUME_KEY);
    // If the provider does not answer, the person signs in by hand.
    const isLeaving = await oidc.redirectToProvider(settings, "none").then(
      () => true,
      () => false,
    );
    if (isLeaving) return new Promise(() => undefined);
  }
  const remember = (): void => {
    const { state } = store.get();
    if (state === "active") sessionStorage.setItem(RESUME_KEY, "true");
    // After it has expired, a reload resumes, too.
    if (state === "signed-out") sessionStorage.removeItem(RESUME_KEY);
  };
  remember();
  store.subscribe(remember);
  return { kind: "provider", start: () => oidc.redirectToProvider(settings), fault };
}
