import express from "express";
import helmet from "helmet";
import request from "supertest";
import { createBareApp } from "../support/bare-app.ts";
import { validToken } from "../support/tokens.ts";

const app = createBareApp();
const bearer = { Authorization: `Bearer ${validToken()}` };

describe("paths and methods", () => {
  it.each(["/", "/v1", "/v1/nothing", "/V1/contexts", "/v1/contexts/", "/v1//contexts", "/%00"])(
    "answer 404 for %s",
    async (path) => {
      const answer = await request(app).get(path).set(bearer).expect(404);
      expect(answer.body).toMatchObject({ code: "not_found", instance: path });
    },
  );

  it("answer 405 for another method, with the allowed methods", async () => {
    const answer = await request(app).delete("/v1/contexts").set(bearer).expect(405);
    expect(answer.body.code).toBe("method_not_allowed");
    expect(answer.headers["allow"]).toBe("POST, GET, HEAD, OPTIONS");
    await request(app).post("/healthz").expect(405);
    const options = await request(app).options("/v1/contexts").expect(204);
    expect(options.headers["allow"]).toBe("POST, GET, HEAD, OPTIONS");
  });

  it.each(["/v1/contexts/%E0%A4%A", "/v1/export-jobs/%"])(
    "answer 400 for the invalid encoding in %s",
    async (path) => {
      const answer = await request(app).get(path).set(bearer).expect(400);
      expect(answer.body.code).toBe("bad_request");
    },
  );

  it("answer HEAD like GET, without the body", async () => {
    const answer = await request(app).head("/healthz").expect(200);
    expect(answer.text).toBeUndefined();
    expect(answer.headers["content-length"]).toBe(String('{"status":"ok"}'.length));
  });

  it.each([
    "/v1/export-jobs/01980000-0000-7000-8000-000000000001/download",
    "/v1/disputes/01980000-0000-7000-8000-000000000001/evidence/01980000-0000-7000-8000-000000000002/download",
  ])("refuse HEAD where GET writes an audit event: %s", async (path) => {
    const answer = await request(app).head(path).expect(405);
    expect(answer.headers["allow"]).toBe("GET, OPTIONS");
  });
});

describe("X-Request-Id", () => {
  const idOf = async (given?: string): Promise<string> => {
    const call = request(app).get("/healthz");
    if (given !== undefined) call.set("X-Request-Id", given);
    const answer = await call.expect(200);
    return answer.headers["x-request-id"] as string;
  };

  it("is returned in the response and in problems", async () => {
    expect(await idOf("abc-123!~")).toBe("abc-123!~");
    expect(await idOf("x".repeat(128))).toBe("x".repeat(128));
    const answer = await request(app).get("/nothing").set("X-Request-Id", "mine");
    expect(answer.body.requestId).toBe("mine");
  });

  it("is generated when it is absent or invalid", async () => {
    const made = /^[0-9a-f-]{36}$/;
    expect(await idOf()).toMatch(made);
    expect(await idOf("x".repeat(129))).toMatch(made);
    expect(await idOf("two words")).toMatch(made);
    expect(await idOf("caf\u00e9")).toMatch(made);
    expect(await idOf("tab\there")).toMatch(made);
  });
});

describe("an unexpected error", () => {
  it("is a 500 that reveals nothing", async () => {
    const answer = await request(app)
      .post("/v1/contexts")
      .set(bearer)
      .send({ name: "x" })
      .expect(500);
    expect(answer.body).toEqual({
      type: "urn:docket:error:internal_error",
      title: "Internal error",
      status: 500,
      detail: "The server failed to handle the request.",
      instance: "/v1/contexts",
      code: "internal_error",
      requestId: answer.headers["x-request-id"],
    });
  });
});

describe("response headers", () => {
  it("include helmet's and do not name Express", async () => {
    const { headers } = await request(app).get("/healthz");
    const helmetOnly = express()
      .use(helmet())
      .use((_request, response) => void response.end());
    const { headers: wanted } = await request(helmetOnly).get("/healthz");
    const { date: _date, "content-length": _length, ...security } = wanted;
    expect(headers).toMatchObject(security);
    expect(Object.keys(security).length).toBeGreaterThan(12);
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("etag");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["strict-transport-security"]).toBeDefined();
    expect(headers["cache-control"]).toBe("no-store");
  });

  it("allow only the configured origins", async () => {
    const from = { Origin: "https://app.example.com" };
    const closed = await request(app).get("/healthz").set(from);
    expect(closed.headers).not.toHaveProperty("access-control-allow-origin");

    const open = createBareApp(undefined, { corsOrigins: ["https://app.example.com"] });
    const answer = await request(open).get("/healthz").set(from);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example.com");
    for (const name of [
      "Location",
      "Retry-After",
      "ETag",
      "X-Request-Id",
      "Idempotency-Replayed",
      "RateLimit",
    ]) {
      expect(answer.headers["access-control-expose-headers"]).toContain(name);
    }
    expect(answer.headers["vary"]).toBe("Origin");
    const withoutOrigin = await request(open).get("/healthz");
    expect(withoutOrigin.headers["vary"]).toBe("Origin");
    expect(withoutOrigin.headers).not.toHaveProperty("access-control-allow-origin");
    const other = await request(open).get("/healthz").set("Origin", "https://evil.example.com");
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
    const preflight = await request(open)
      .options("/v1/contexts")
      .set({
        ...from,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      })
      .expect(204);
    expect(preflight.headers["access-control-allow-headers"]).toBe("authorization");
  });
});
