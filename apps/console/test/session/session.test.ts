import { readClaims, personOf } from "../../src/session/claims.ts";
import { onPersonChange, personSignal } from "../../src/session/person.ts";
import { createSessionStore, tokenInFragment } from "../../src/session/session.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A token as an identity provider makes it. The console does not check its signature. */
const tokenWith = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

const claims = { sub: "ädä", tenant_id: "t", permissions: ["context:read"], exp: NOW / 1_000 + 60 };

function createStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  } as Storage;
}

it("takes the token of a sign-in link, and nothing else, from the fragment", () => {
  expect(tokenInFragment("#token=a.b.c")).toBe("a.b.c");
  expect(tokenInFragment("#main")).toBeUndefined();
});

it("reads the claims, and keeps the token for a reload", () => {
  const storage = createStorage();
  const store = createSessionStore(storage, () => NOW);
  store.signIn(tokenWith(claims));
  expect(createSessionStore(storage, () => NOW).get()).toMatchObject({
    state: "active",
    claims: { subject: "ädä", permissions: new Set(["context:read"]) },
  });
  store.signOut();
  expect(createSessionStore(storage, () => NOW).get()).toEqual({ state: "signed-out" });
});

it("reads permissions from the scope", () => {
  const store = createSessionStore(createStorage(), () => NOW);
  const { permissions: _, ...others } = claims;
  store.signIn(tokenWith({ ...others, scope: "event:read context:read" }));
  expect(store.get()).toMatchObject({
    claims: { permissions: new Set(["event:read", "context:read"]) },
  });
  store.signOut();
});

it("does not begin with an expired token, or with something else", () => {
  const store = createSessionStore(createStorage(), () => NOW);
  store.signIn(tokenWith({ ...claims, exp: NOW / 1_000 }));
  expect(store.get()).toEqual({ state: "expired" });
  const storage = createStorage();
  const other = createSessionStore(storage, () => NOW);
  other.signIn(tokenWith(claims));
  other.signIn("not a token");
  expect(other.get()).toEqual({ state: "signed-out" });
  expect(createSessionStore(storage, () => NOW).get()).toEqual({ state: "signed-out" });
});

it("ends when the API refuses its token, but not when it refuses one from before", () => {
  const store = createSessionStore(createStorage(), () => NOW);
  const [before, token] = [tokenWith(claims), tokenWith({ ...claims, jti: "2" })];
  store.signIn(before);
  store.signIn(token);
  store.expire(before);
  expect(store.get()).toMatchObject({ state: "active", token });
  store.expire(token);
  expect(store.get()).toMatchObject({ state: "expired", claims: { subject: "ädä" } });
  expect(() => store.tokenOf(personOf(readClaims(token)!))).toThrow("There is no session.");
});

it("keeps what is open for the same person, and nothing for another one", () => {
  const forget = jest.fn();
  onPersonChange(forget);
  const store = createSessionStore(createStorage(), () => NOW);
  store.signIn(tokenWith(claims));
  const [calls, ada] = [personSignal(), personOf(readClaims(tokenWith(claims))!)];
  forget.mockClear();
  jest.advanceTimersByTime(60_000);
  expect(store.get().state).toBe("expired");
  store.signIn("not a token");
  store.signIn(tokenWith({ ...claims, jti: "2" }));
  expect(store.tokenOf(ada)).toBe(tokenWith({ ...claims, jti: "2" }));
  expect(forget).not.toHaveBeenCalled();
  expect(calls.aborted).toBe(false);

  store.signIn(tokenWith({ ...claims, tenant_id: "u" }));
  expect(forget).toHaveBeenCalledTimes(1);
  expect(calls.aborted).toBe(true);
  expect(() => store.tokenOf(ada)).toThrow("There is no session.");
});
