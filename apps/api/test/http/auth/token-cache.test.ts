import { createTokenCache, type TokenCache } from "../../../src/http/auth/token-cache.ts";

const MINUTE = 60_000;
/** Long after every test, in seconds. */
const LATER = 1_000_000;

let clock: number;
let cache: TokenCache;
let verified: string[];

beforeEach(() => {
  [clock, verified] = [0, []];
  cache = createTokenCache(() => clock);
});

const principal = (subject: string, expiresAt = LATER) => ({
  subject,
  tenantId: "t",
  permissions: new Set<string>(),
  expiresAt,
});

/** Finds the principal of a token that expires at `expiresAt`, and notes whether it had to be verified. */
const find = (token: string, expiresAt = LATER) =>
  cache.find(token, async () => {
    verified.push(token);
    return principal(token, expiresAt);
  });

describe("a cache of verified tokens", () => {
  it("verifies each token once in 60 seconds", async () => {
    for (clock of [0, 1, MINUTE - 1]) {
      expect(await find("a")).toEqual(principal("a"));
      expect(await find("b")).toEqual(principal("b"));
    }
    expect(verified).toEqual(["a", "b"]);
    clock = MINUTE;
    await find("a");
    expect(verified).toEqual(["a", "b", "a"]);
  });

  it("never accepts a token past its expiry", async () => {
    await find("a", 2);
    clock = 1_999;
    await find("a", 2);
    expect(verified).toEqual(["a"]);
    clock = 2_000;
    await find("a", 2);
    expect(verified).toEqual(["a", "a"]);
  });

  it("does not remember a token that was refused", async () => {
    const refuse = async () => {
      throw new Error("refused");
    };
    await expect(cache.find("a", refuse)).rejects.toThrow("refused");
    await find("a");
    expect(verified).toEqual(["a"]);
  });

  it("forgets every token when it is cleared, also one that is being verified", async () => {
    await find("a");
    await cache.find("b", async () => {
      cache.clear();
      return principal("b");
    });
    await find("a");
    await find("b");
    expect(verified).toEqual(["a", "a", "b"]);
  });

  it("holds at most 1 000 tokens, and forgets the oldest first", async () => {
    for (let number = 0; number <= 1_000; number += 1) await find(String(number));
    verified = [];
    await find("1000");
    await find("1");
    expect(verified).toEqual([]);
    await find("0");
    expect(verified).toEqual(["0"]);
  });
});
