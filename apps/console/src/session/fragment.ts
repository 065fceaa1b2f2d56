import { tokenInFragment, type SessionStore } from "./session.ts";

/** Takes the token of a sign-in link out of the URL before anything else can read it there. */
function takeToken(): string | undefined {
  const token = tokenInFragment(window.location.hash);
  if (token === undefined) return undefined;
  const url = new URL(window.location.href);
  url.hash = "";
  window.history.replaceState(null, "", url);
  return token;
}

/** Takes tokens out of the URL, now and when a sign-in link is opened in this tab, which changes nothing but the fragment. */
export function listenForFragments() {
  let store: SessionStore | undefined;
  let token = takeToken();
  const passOn = (): void => {
    if (token !== undefined) store?.signIn(token);
  };
  window.addEventListener("hashchange", () => {
    token = takeToken();
    passOn();
  });
  return {
    /** Signs in by these tokens. */
    signIn: (target: SessionStore): void => {
      store = target;
      passOn();
    },
  };
}
