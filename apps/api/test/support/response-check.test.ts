import { document } from "../../src/routes.ts";
import { createResponseCheck, type SentResponse } from "./response-check.ts";

const check = createResponseCheck(document);

const context = {
  id: "019aa000-0000-7000-8000-000000000001",
  name: "Bank",
  createdAt: "2026-01-15T10:30:00.000Z",
};

const headers = {
  "x-request-id": "one",
  location: `/v1/contexts/${context.id}`,
  "content-type": "application/json; charset=utf-8",
};

const created: SentResponse = {
  method: "POST",
  url: "/v1/contexts?x=1",
  status: 201,
  headers,
  body: JSON.stringify(context),
};

const problem = {
  type: "urn:docket:error:name_taken",
  title: "",
  status: 409,
  detail: "",
  instance: "/v1/contexts",
  code: "name_taken",
  requestId: "one",
};

const refused = (change: object, status = 409): SentResponse => ({
  ...created,
  status,
  headers: { "x-request-id": "one", "content-type": "application/problem+json" },
  body: JSON.stringify({ ...problem, ...change }),
});

const { location: _location, ...withoutLocation } = headers;

describe("the check of responses", () => {
  it("accepts responses that the document describes", () => {
    expect(check(created)).toEqual([]);
    expect(check(refused({}))).toEqual([]);
    expect(check({ ...refused({ status: 404, code: "not_found" }, 404), url: "/v2" })).toEqual([]);
  });

  it.each<[string, SentResponse]>([
    ["an undescribed status", { ...created, status: 200 }],
    ["an undescribed path", { ...created, url: "/v1/nothing" }],
    ["an additional field", { ...created, body: JSON.stringify({ ...context, tenantId: "x" }) }],
    ["a missing field", { ...created, body: JSON.stringify({ ...context, name: undefined }) }],
    ["a null", { ...created, body: JSON.stringify({ ...context, name: null }) }],
    [
      "a timestamp without milliseconds",
      { ...created, body: JSON.stringify({ ...context, createdAt: "2026-01-15T10:30:00Z" }) },
    ],
    ["an undescribed header", { ...created, headers: { ...headers, etag: '"1"' } }],
    ["a missing header", { ...created, headers: withoutLocation }],
    ["another media type", { ...created, headers: { ...headers, "content-type": "text/html" } }],
    ["the code of another route", refused({ code: "export_not_ready" })],
    ["a status that contradicts the problem", refused({ status: 410 })],
    ["a problem with a stack trace", refused({ stack: "at x" })],
  ])("reports %s", (_what, response) => {
    expect(check(response)).not.toEqual([]);
  });
});
