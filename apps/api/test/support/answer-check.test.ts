import { openApiDocument } from "../../src/openapi/document.ts";
import { routes } from "../../src/routes.ts";
import { createAnswerCheck, type SentAnswer } from "./answer-check.ts";

const check = createAnswerCheck(openApiDocument(routes));

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

const created: SentAnswer = {
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

const refused = (change: object, status = 409): SentAnswer => ({
  ...created,
  status,
  headers: { "x-request-id": "one", "content-type": "application/problem+json" },
  body: JSON.stringify({ ...problem, ...change }),
});

const { location: _location, ...homeless } = headers;

describe("the check of answers", () => {
  it("lets through what the document foresees", () => {
    expect(check(created)).toEqual([]);
    expect(check(refused({}))).toEqual([]);
    expect(check({ ...refused({ status: 404, code: "not_found" }, 404), url: "/v2" })).toEqual([]);
  });

  it.each<[string, SentAnswer]>([
    ["a status", { ...created, status: 200 }],
    ["a path", { ...created, url: "/v1/nothing" }],
    ["a field too many", { ...created, body: JSON.stringify({ ...context, tenantId: "x" }) }],
    ["a field too few", { ...created, body: JSON.stringify({ ...context, name: undefined }) }],
    ["a null", { ...created, body: JSON.stringify({ ...context, name: null }) }],
    [
      "a time of another kind",
      { ...created, body: JSON.stringify({ ...context, createdAt: "2026-01-15T10:30:00Z" }) },
    ],
    ["a header", { ...created, headers: { ...headers, etag: '"1"' } }],
    ["a lost header", { ...created, headers: homeless }],
    ["a media type", { ...created, headers: { ...headers, "content-type": "text/html" } }],
    ["a code", refused({ code: "export_not_ready" })],
    ["a status that is not the problem's", refused({ status: 410 })],
    ["a problem with a stack", refused({ stack: "at x" })],
  ])("finds %s that it does not", (_what, answer) => {
    expect(check(answer)).not.toEqual([]);
  });
});
