import fc from "fast-check";
import {
  addEvidenceRequest,
  closeDisputeRequest,
  createDisputeRequest,
  DocketError,
  reopenDisputeRequest,
  requestEvidenceRequest,
  updateDisputeRequest,
  uploadEvidenceQuery,
  validate,
} from "../../src/index.ts";

type Schema = Parameters<typeof validate>[0];

/** The fault as `code field,field`, or "ok". */
const verdict = (schema: Schema, body: unknown): string => {
  try {
    validate(schema, body);
    return "ok";
  } catch (error) {
    if (!(error instanceof DocketError)) throw error;
    const status = error.code === "bad_request" ? 400 : 422;
    return `${status} ${(error.errors ?? []).map(({ field }) => field).join(",")}`;
  }
};

const CREATE = { category: "OTHER", description: "words" };
const EVIDENCE = { comment: "see", fileUrl: "https://files.example/a" };

describe("requests about disputes", () => {
  it.each<[string, Schema, unknown, string]>([
    ["create", createDisputeRequest, CREATE, "ok"],
    ["create", createDisputeRequest, { ...CREATE, category: "bank_fee_error" }, "ok"],
    ["create", createDisputeRequest, { ...CREATE, draft: true }, "ok"],
    ["create", createDisputeRequest, { ...CREATE, draft: "true" }, "422 draft"],
    ["create", createDisputeRequest, { ...CREATE, category: "FRAUD" }, "400 category"],
    ["create", createDisputeRequest, { ...CREATE, category: 1 }, "422 category"],
    ["create", createDisputeRequest, {}, "400 category,description"],
    ["create", createDisputeRequest, { ...CREATE, description: "  " }, "400 description"],
    [
      "create",
      createDisputeRequest,
      { ...CREATE, description: "x".repeat(5_001) },
      "422 description",
    ],
    ["create", createDisputeRequest, { ...CREATE, description: ` ${"x".repeat(5_000)} ` }, "ok"],
    ["create", createDisputeRequest, { ...CREATE, description: null }, "422 description"],
    ["create", createDisputeRequest, { ...CREATE, state: "WON" }, "400 state"],
    ["create", createDisputeRequest, undefined, "400 "],
    ["create", createDisputeRequest, [], "422 "],
    ["update", updateDisputeRequest, { description: "new" }, "ok"],
    ["update", updateDisputeRequest, {}, "400 "],
    ["update", updateDisputeRequest, { draft: false }, "400 draft,"],
    ["request evidence", requestEvidenceRequest, { note: "why" }, "ok"],
    ["request evidence", requestEvidenceRequest, {}, "400 note"],
    ["close", closeDisputeRequest, { won: false, resolution: "no" }, "ok"],
    ["close", closeDisputeRequest, { resolution: "no" }, "400 won"],
    ["close", closeDisputeRequest, { won: "false", resolution: "no" }, "422 won"],
    ["close", closeDisputeRequest, { won: null, resolution: "no" }, "422 won"],
    ["close", closeDisputeRequest, { won: 0, resolution: "no" }, "422 won"],
    ["close", closeDisputeRequest, { won: true }, "400 resolution"],
    ["close", closeDisputeRequest, { won: 1, resolution: "" }, "400 won,resolution"],
    ["reopen", reopenDisputeRequest, { reason: "facts" }, "ok"],
    ["reopen", reopenDisputeRequest, { reason: "" }, "400 reason"],
    ["evidence", addEvidenceRequest, EVIDENCE, "ok"],
    ["evidence", addEvidenceRequest, { fileUrl: EVIDENCE.fileUrl }, "400 comment"],
    ["evidence", addEvidenceRequest, { ...EVIDENCE, comment: "x".repeat(1_001) }, "422 comment"],
    ["evidence", addEvidenceRequest, { comment: "see" }, "400 fileUrl"],
    ["upload", uploadEvidenceQuery, { comment: "see", fileName: "" }, "ok"],
    ["upload", uploadEvidenceQuery, {}, "400 comment"],
  ])("%s is judged as the contract says", (_name, schema, body, expected) => {
    expect(verdict(schema, body)).toBe(expected);
  });

  it("trims and normalises", () => {
    expect(validate(createDisputeRequest, { category: " other ", description: " a " })).toEqual({
      category: "OTHER",
      description: "a",
    });
  });

  it("counts characters as Postgres does", () => {
    expect(verdict(createDisputeRequest, { ...CREATE, description: "😀".repeat(5_000) })).toBe(
      "ok",
    );
  });
});

describe("a file's URL", () => {
  const judge = (fileUrl: unknown): string =>
    verdict(addEvidenceRequest, { comment: "c", fileUrl });

  it.each([
    "https://example.com",
    "https://example.com:8443/a/b?c=d#e",
    "HTTPS://EXAMPLE.com/x",
    "https://localhost/x",
    "https://192.168.0.1/x",
    "https://[2001:db8::1]:443/x",
    "https://example.com/a@b",
    `https://example.com/${"a".repeat(2_028)}`,
  ])("may be %s", (url) => {
    expect(judge(url)).toBe("ok");
  });

  it.each([
    "http://example.com/",
    "ftp://example.com/",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:",
    "https://",
    "https:///path",
    "https:example.com",
    "https://?x",
    "https://:443/",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://@example.com/",
    "https://example.com:99999/",
    "https://exa mple.com/",
    "https://example.com\\@evil.example/",
    "https://a%40b/",
    "https://256.1.1.1/",
    "https://1.2.3/",
    "https://a..b/",
    "https://example.com/\u202e",
    "//example.com/x",
    "example.com/x",
    `https://example.com/${"a".repeat(2_029)}`,
    7,
    null,
  ])("may not be %j: 422", (url) => {
    expect(judge(url)).toBe("422 fileUrl");
  });

  it("is never one that another reader would take for something else", () => {
    const pieces = fc.constantFrom(
      "https://",
      "http://",
      "https:",
      "//",
      "a",
      "b.c",
      ".",
      "@",
      ":",
      "\\",
      "/",
      "?",
      "#",
      "%41",
      "%",
      "443",
      "65536",
      "[::1]",
      "[",
      "]",
      " ",
      "\t",
      "0x7f",
      "1.2.3.4",
      "1",
      "-",
      "é",
    );
    const url = fc.oneof(
      fc.webUrl({ validSchemes: ["https"], withQueryParameters: true, withFragments: true }),
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join("")),
      fc.array(pieces, { maxLength: 8 }).map((all) => `https://${all.join("")}`),
    );
    fc.assert(
      fc.property(url, (given) => {
        if (judge(given) !== "ok") return;
        const read = new URL(given);
        expect(read).toMatchObject({ protocol: "https:", username: "", password: "" });
        expect(read.hostname).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes ordinary ones", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["https"] }), (given) => {
        expect(judge(given)).toBe("ok");
      }),
    );
  });
});
