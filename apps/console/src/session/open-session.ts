import { listenForFragments } from "./fragment.ts";
import { createSessionStore, type SessionStore } from "./session.ts";
import { readOidcSettings } from "./settings.ts";
import { openSignIn, type SignIn } from "./sign-in.ts";

/** Keeps nothing: with an identity provider, the token lives in memory only. */
const NO_STORAGE = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

type OpenSession = { readonly store: SessionStore; readonly signIn: SignIn | undefined };

/** The session of this tab, and how to sign in where there is an identity provider. */
export async function openSession(): Promise<OpenSession> {
  const fragments = listenForFragments();
  const settings = await readOidcSettings();
  if (settings === undefined) {
    const store = createSessionStore(sessionStorage);
    fragments.signIn(store);
    return { store, signIn: undefined };
  }
  // A link must not sign anybody in as somebody else.
  const store = createSessionStore(NO_STORAGE);
  return { store, signIn: await openSignIn(store, settings) };
}
