import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Request, Response } from "express";
import { createAuthenticate } from "../../../src/http/auth/authenticate.ts";
import { createBareApp } from "../../support/bare-app.ts";
import { PASSED, probe } from "../../support/probe.ts";
import { claimsOf, es256, hs256, inSeconds, rs256, tokenOf } from "../../support/tokens.ts";

describe("a token signed with a published key", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const later = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const jwk = (key: KeyObject, kid: string): object => ({
    ...key.export({ format: "jwk" }),
    kid,
    use: "sig",
  });
  let keys: object[];
  let status: number;
  let fetches: number;
  let publisher: Server;
  let app: RequestListener;

  const byRsa = (header: object = {}, key = rsa.privateKey): string =>
    tokenOf(claimsOf(), rs256(key), { alg: "RS256", kid: "r", ...header });

  beforeEach(async () => {
    [keys, status, fetches] = [[jwk(rsa.publicKey, "r"), jwk(ec.publicKey, "e")], 200, 0];
    publisher = createServer((_request, response) => {
      fetches += 1;
      response.writeHead(status).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => publisher.listen(0, "127.0.0.1", resolve));
    const { port } = publisher.address() as AddressInfo;
    app = createBareApp({ keys: { jwksUri: `http://127.0.0.1:${port}/keys` } });
  });

  afterEach(() => {
    publisher.closeAllConnections();
    publisher.close();
  });

  it("is accepted with RS256 and ES256, and the keys are fetched once", async () => {
    await probe(app, byRsa()).expect(PASSED);
    await probe(app, tokenOf(claimsOf(), es256(ec.privateKey), { alg: "ES256", kid: "e" })).expect(
      PASSED,
    );
    await Promise.all([probe(app, byRsa()).expect(PASSED), probe(app, byRsa()).expect(PASSED)]);
    expect(fetches).toBe(1);
  });

  it("is refused when it uses the public key as an HS256 secret", async () => {
    for (const format of ["pem", "der"] as const) {
      const exported = rsa.publicKey.export({ type: "spki", format: format as "der" });
      const token = tokenOf(claimsOf(), hs256(exported), { alg: "HS256", kid: "r" });
      await probe(app, token).expect(401);
    }
  });

  it("is refused with another key, another algorithm, without a signature and after its expiry", async () => {
    await probe(app, byRsa({}, later.privateKey)).expect(401);
    await probe(app, byRsa({ alg: "PS256" })).expect(401);
    await probe(app, byRsa({ kid: "e" })).expect(401);
    await probe(
      app,
      tokenOf(claimsOf(), () => "", { alg: "none", kid: "r" }),
    ).expect(401);
    const expired = claimsOf({ exp: inSeconds(-1) });
    await probe(app, tokenOf(expired, rs256(rsa.privateKey), { alg: "RS256", kid: "r" })).expect(
      401,
    );
  });

  it("cannot cause many fetches or lock out valid tokens by naming unknown keys", async () => {
    await probe(app, byRsa()).expect(PASSED);
    for (let index = 0; index < 10; index += 1)
      await probe(app, byRsa({ kid: String(index) })).expect(401);
    await probe(app, byRsa()).expect(PASSED);
    expect(fetches).toBeLessThanOrEqual(2);
  });

  it("is refused as soon as a fetched set no longer has its key, although it was accepted before", async () => {
    const { port } = publisher.address() as AddressInfo;
    let clock = Date.now();
    const authenticate = createAuthenticate(
      { keys: { jwksUri: `http://127.0.0.1:${port}/keys` } },
      () => clock,
    );
    const send = (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return authenticate({ method: "GET", headers } as Request, {} as Response);
    };
    const old = byRsa();
    await send(old);
    keys = [jwk(later.publicKey, "later")];
    // More than the cooldown between fetches, and less than the time for which a token is cached.
    clock += 15_000;
    await expect(send(old)).resolves.toMatchObject({ subject: "alice" });
    await expect(send(byRsa({ kid: "later" }, later.privateKey))).resolves.toBeDefined();
    await expect(send(old)).rejects.toThrow(/unknown key/);
  });

  it("is answered with 503 while the keys cannot be fetched", async () => {
    status = 500;
    const answer = await probe(app, byRsa()).expect(503);
    expect(answer.body.code).toBe("dependency_unavailable");
    expect(answer.headers["retry-after"]).toBeDefined();
    expect(answer.text).not.toContain("127.0.0.1");
  });
});
