import { tokenInFragment, type SessionStore } from "./session.ts";

/** Takes the token of a sign-in link out of the URL before anything else can read it there. */
export function signInByFragment(store: SessionStore): void {
  const token = tokenInFragment(window.location.hash);
  if (token === undefined) return;
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", `${pathname}${search}`);
  store.signIn(token);
}
