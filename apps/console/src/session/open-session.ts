import { listenForFragments } from "./fragment.ts";
import { createSessionStore, type SessionStore } from "./session.ts";
import { readSettings } from "./settings.ts";
import { openSignIn, type SignIn } from "./sign-in.ts";

/** Keeps nothing: with an identity provider, the token lives in memory only. */
const NO_STORAGE = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

type OpenSession = { readonly store: SessionStore; readonly signIn: SignIn };

/** The session of this tab, and how people sign in. */
export async function openSession(): Promise<OpenSession> {
  const fragments = listenForFragments();
  const { oidc, tokenLinks } = await readSettings();
  if (oidc === null && tokenLinks) {
    const store = createSessionStore(sessionStorage);
    fragments.signIn(store);
    return { store, signIn: { kind: "link" } };
  }
  // Elsewhere, a link must not replace the session of a user.
  const store = createSessionStore(NO_STORAGE);
  return { store, signIn: oidc === null ? { kind: "none" } : await openSignIn(store, oidc) };
}
