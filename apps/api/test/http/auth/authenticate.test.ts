import { randomUUID } from "node:crypto";
import request from "supertest";
import { createBareApp } from "../../support/bare-app.ts";
import { PASSED, PROBE, probe } from "../../support/probe.ts";
import {
  claimsOf,
  hs256,
  inSeconds,
  SECRET,
  tokenOf,
  validToken,
  type Claims,
} from "../../support/tokens.ts";

const signed = (claims: Claims, header: object = { alg: "HS256" }): string =>
  tokenOf(claims, hs256(SECRET), header);

describe("a token signed with the secret", () => {
  const app = createBareApp();

  it("is accepted", async () => {
    await probe(app, validToken()).expect(PASSED);
    await probe(app, validToken({ tenant_id: undefined, tenantId: randomUUID() })).expect(PASSED);
    await probe(app, validToken({ permissions: undefined, scope: "a context:read b" })).expect(
      PASSED,
    );
  });

  it("is required", async () => {
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
    ["a word that is not a JWT", "Bearer x"],
    ["three dots", "Bearer ..."],
    ["broken base64", "Bearer %%%.%%%.%%%"],
  ])("is refused when the header has %s", async (_, header) => {
    const answer = await request(app).get(PROBE).set("Authorization", header).expect(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  });

  const unsigned = (): string => "";
  it.each([
    ["signed with another secret", () => tokenOf(claimsOf(), hs256("other"), { alg: "HS256" })],
    ["not signed (none)", () => tokenOf(claimsOf(), unsigned, { alg: "none" })],
    ["not signed (NONE)", () => tokenOf(claimsOf(), unsigned, { alg: "NONE" })],
    ["signed, but naming the algorithm none", () => signed(claimsOf(), { alg: "none" })],
    [
      "not signed, but naming the algorithm HS256",
      () => tokenOf(claimsOf(), unsigned, { alg: "HS256" }),
    ],
    ["naming the algorithm HS512", () => signed(claimsOf(), { alg: "HS512" })],
    ["naming the algorithm RS256", () => signed(claimsOf(), { alg: "RS256" })],
    ["without an algorithm", () => signed(claimsOf(), {})],
    ["expired", () => validToken({ exp: inSeconds(-1) })],
    ["without an expiry", () => validToken({ exp: undefined })],
    ["with an expiry that is not a number", () => validToken({ exp: "2099-01-01" })],
    ["not valid yet", () => validToken({ nbf: inSeconds(60) })],
    ["without a subject", () => validToken({ sub: undefined })],
    ["with a blank subject", () => validToken({ sub: " " })],
    ["with a subject that is not a string", () => validToken({ sub: 5 })],
    ["with NUL in its subject", () => validToken({ sub: "a\0" })],
    ["with a lone surrogate in its subject", () => validToken({ sub: "\ud800" })],
    ["with a subject of 256 characters", () => validToken({ sub: "x".repeat(256) })],
  ])("is refused when it is %s", async (_, token) => {
    const answer = await probe(app, token()).expect(401);
    expect(answer.headers["www-authenticate"]).toBe('Bearer error="invalid_token"');
    expect(answer.body.code).toBe("unauthorized");
  });

  it.each([
    ["no tenant", { tenant_id: undefined }],
    ["a tenant that is not a UUID", { tenant_id: "acme" }],
    ["a list of tenants", { tenant_id: [randomUUID()] }],
    ["an empty tenant", { tenant_id: "" }],
    ["two different tenants", { tenantId: randomUUID() }],
  ])("is refused with 403 when it names %s", async (_, claims) => {
    const { body } = await probe(app, validToken(claims)).expect(403);
    expect(body.code).toBe("tenant_required");
  });

  it.each([
    ["none", { permissions: undefined }],
    ["only another one", { permissions: ["context:write"] }],
    ["one that merely begins with the required one", { permissions: ["context:read:not"] }],
    ["a string instead of a list", { permissions: "context:read" }],
    ["a scope with commas", { permissions: undefined, scope: "context:read,context:write" }],
  ])("is refused with 403 when its permissions hold %s", async (_, claims) => {
    const { body } = await probe(app, validToken(claims)).expect(403);
    expect(body.code).toBe("forbidden");
  });

  it("is checked before the rest of the request", async () => {
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

  it("are checked when they are configured", async () => {
    await probe(app, validToken({ iss: "us", aud: "docket" })).expect(PASSED);
    await probe(app, validToken({ iss: "us", aud: ["x", "docket"] })).expect(PASSED);
    await probe(app, validToken({ iss: "them", aud: "docket" })).expect(401);
    await probe(app, validToken({ iss: "us", aud: "x" })).expect(401);
    await probe(app, validToken({ iss: "us" })).expect(401);
    await probe(app, validToken()).expect(401);
  });
});
