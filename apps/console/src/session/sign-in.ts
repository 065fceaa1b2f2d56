import type { SessionStore } from "./session.ts";
import type { OidcSettings } from "./settings.ts";

/** How people sign in at the identity provider; undefined where there is none. */
export type SignIn = { readonly start: () => Promise<void> };

/** Remembers that somebody has signed in in this tab, so that a reload resumes. */
const RESUME_KEY = "docket.signed-in";

const isAnswer = (parameters: URLSearchParams): boolean =>
  parameters.has("state") && (parameters.has("code") || parameters.has("error"));

/**
 * Signs in with the answer of the provider in the URL, or resumes the session of a page that was loaded again, without asking
 * (`prompt=none`). Resolves when it is clear whether somebody is signed in; never, if the page is left for the provider.
 */
export async function openSignIn(store: SessionStore, settings: OidcSettings): Promise<SignIn> {
  const oidc = await import("./oidc.ts");
  const url = new URL(window.location.href);
  if (isAnswer(url.searchParams)) {
    const pending = oidc.takePending();
    // The code leaves the URL before anything else can read it there.
    window.history.replaceState(null, "", pending?.path ?? "/");
    if (pending !== undefined) {
      await oidc.exchangeCode(settings, url, pending).then(
        ({ token }) => store.signIn(token),
        // The person signs in by hand: the provider wants to ask something, or has refused.
        () => sessionStorage.removeItem(RESUME_KEY),
      );
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
    else sessionStorage.removeItem(RESUME_KEY);
  };
  remember();
  store.subscribe(remember);
  return { start: () => oidc.redirectToProvider(settings) };
}
