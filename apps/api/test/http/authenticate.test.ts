import { generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import request from "supertest";
import { createBareApp } from "../support/http-app.ts";
import {
  claimsOf,
  es256,
  hs256,
  inSeconds,
  rs256,
  SECRET,
  tokenOf,
  validToken,
  type Claims,
} from "../support/tokens.ts";

/** Past the token and the permission, an unknown query parameter is the first thing refused. */
const PROBE = "/v1/contexts?probe=1";
const PASSED = 400;

const probe = (app: Express, token?: string): request.Test => {
  const asked = request(app).get(PROBE);
  return token === undefined ? asked : asked.set("Authorization", `Bearer ${token}`);
};

const signed = (claims: Claims, header: object = { alg: "HS256" }): string =>
  tokenOf(claims, hs256(SECRET), header);

describe("a token signed with the secret", () => {
  const app = createBareApp();

  it("is taken", async () => {
    await probe(app, validToken()).expect(PASSED);
    await probe(app, validToken({ tenant_id: undefined, tenantId: randomUUID() })).expect(PASSED);
    await probe(app, validToken({ permissions: undefined, scope: "a context:read b" })).expect(
      PASSED,
    );
  });

  it("must be there", async () => {
    const answer = await probe(app).expect(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.body).toMatchObject({
      code: "unauthorized",
      status: 401,
      instance: "/v1/contexts",
    });
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  });

  it.each([
    ["another scheme", "Basic YTpi"],
    ["two words after Bearer", "Bearer a b"],
    ["nothing after Bearer", "Bearer"],
    ["no token at all", "Bearer x"],
    ["three dots", "Bearer ..."],
    ["broken base64", "Bearer %%%.%%%.%%%"],
  ])("must be well-formed: %s", async (_, header) => {
    const answer = await request(app).get(PROBE).set("Authorization", header).expect(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  });

  const unsigned = (): string => "";
  it.each([
    ["signed with another secret", () => tokenOf(claimsOf(), hs256("other"), { alg: "HS256" })],
    ["not signed (none)", () => tokenOf(claimsOf(), unsigned, { alg: "none" })],
    ["not signed (NONE)", () => tokenOf(claimsOf(), unsigned, { alg: "NONE" })],
    ["signed, but calling itself none", () => signed(claimsOf(), { alg: "none" })],
    ["not signed, calling itself HS256", () => tokenOf(claimsOf(), unsigned, { alg: "HS256" })],
    ["calling itself HS512", () => signed(claimsOf(), { alg: "HS512" })],
    ["calling itself RS256", () => signed(claimsOf(), { alg: "RS256" })],
    ["without an algorithm", () => signed(claimsOf(), {})],
    ["expired", () => validToken({ exp: inSeconds(-1) })],
    ["without an expiry", () => validToken({ exp: undefined })],
    ["with an expiry that is no number", () => validToken({ exp: "2099-01-01" })],
    ["not valid yet", () => validToken({ nbf: inSeconds(60) })],
    ["without a subject", () => validToken({ sub: undefined })],
    ["with a blank subject", () => validToken({ sub: " " })],
    ["with a subject that is no text", () => validToken({ sub: 5 })],
    ["with NUL in its subject", () => validToken({ sub: "a\0" })],
    ["with half a character in its subject", () => validToken({ sub: "\ud800" })],
    ["with an endless subject", () => validToken({ sub: "x".repeat(256) })],
  ])("is refused when it is %s", async (_, token) => {
    const answer = await probe(app, token()).expect(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer error="invalid_token"');
    expect(answer.body.code).toBe("unauthorized");
  });

  it.each([
    ["no tenant", { tenant_id: undefined }],
    ["a tenant that is no UUID", { tenant_id: "acme" }],
    ["a tenant that is a list", { tenant_id: [randomUUID()] }],
    ["an empty tenant", { tenant_id: "" }],
    ["two tenants", { tenantId: randomUUID() }],
  ])("is refused with 403 when it names %s", async (_, claims) => {
    const { body } = await probe(app, validToken(claims)).expect(403);
    expect(body.code).toBe("tenant_required");
  });

  it.each([
    ["none", { permissions: undefined }],
    ["another", { permissions: ["context:write"] }],
    ["one that only begins so", { permissions: ["context:read:not"] }],
    ["a text instead of a list", { permissions: "context:read" }],
    ["a scope with commas", { permissions: undefined, scope: "context:read,context:write" }],
  ])("is refused with 403 when its permissions hold %s", async (_, claims) => {
    const { body } = await probe(app, validToken(claims)).expect(403);
    expect(body.code).toBe("forbidden");
  });

  it("is looked at before anything else of the request", async () => {
    const answer = await request(app).post("/v1/contexts").type("json").send("{").expect(401);
    expect(answer.body.code).toBe("unauthorized");
    await request(app)
      .post("/v1/contexts")
      .set("Authorization", `Bearer ${validToken({ permissions: [] })}`)
      .type("json")
      .send("{")
      .expect(403);
  });
});

describe("issuer and audience", () => {
  const app = createBareApp({ keys: { secret: SECRET }, issuer: "us", audience: "docket" });

  it("are checked when they are set", async () => {
    await probe(app, validToken({ iss: "us", aud: "docket" })).expect(PASSED);
    await probe(app, validToken({ iss: "us", aud: ["x", "docket"] })).expect(PASSED);
    await probe(app, validToken({ iss: "them", aud: "docket" })).expect(401);
    await probe(app, validToken({ iss: "us", aud: "x" })).expect(401);
    await probe(app, validToken({ iss: "us" })).expect(401);
    await probe(app, validToken()).expect(401);
  });
});

describe("tokens signed with published keys", () => {
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
  let asked: number;
  let publisher: Server;
  let app: Express;

  const byRsa = (header: object = {}, key = rsa.privateKey): string =>
    tokenOf(claimsOf(), rs256(key), { alg: "RS256", kid: "r", ...header });

  beforeEach(async () => {
    [keys, status, asked] = [[jwk(rsa.publicKey, "r"), jwk(ec.publicKey, "e")], 200, 0];
    publisher = createServer((_request, response) => {
      asked += 1;
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

  it("are taken, by RSA and by elliptic curve; the keys are fetched once", async () => {
    await probe(app, byRsa()).expect(PASSED);
    await probe(app, tokenOf(claimsOf(), es256(ec.privateKey), { alg: "ES256", kid: "e" })).expect(
      PASSED,
    );
    await Promise.all([probe(app, byRsa()).expect(PASSED), probe(app, byRsa()).expect(PASSED)]);
    expect(asked).toBe(1);
  });

  it("are refused when the public key was used as a secret", async () => {
    for (const format of ["pem", "der"] as const) {
      const exported = rsa.publicKey.export({ type: "spki", format: format as "der" });
      const token = tokenOf(claimsOf(), hs256(exported), { alg: "HS256", kid: "r" });
      await probe(app, token).expect(401);
    }
  });

  it("are refused by another key, another algorithm, without a signature, and with times that are not right", async () => {
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

  it("cannot make us fetch as often as they like, nor lock out true ones", async () => {
    await probe(app, byRsa()).expect(PASSED);
    for (let index = 0; index < 10; index += 1)
      await probe(app, byRsa({ kid: String(index) })).expect(401);
    await probe(app, byRsa()).expect(PASSED);
    expect(asked).toBeLessThanOrEqual(2);
  });

  it("get a 503 while there are no keys to be had", async () => {
    status = 500;
    const answer = await probe(app, byRsa()).expect(503);
    expect(answer.body.code).toBe("dependency_unavailable");
    expect(answer.headers["retry-after"]).toBeDefined();
    expect(answer.text).not.toContain("127.0.0.1");
  });
});
