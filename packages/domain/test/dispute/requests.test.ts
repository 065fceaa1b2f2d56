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

/** "ok", or the status and the faulty fields, such as `400 won,resolution`. */
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

const CREATE = { category: "OTHER", description: "a description" };
const EVIDENCE = { comment: "see", fileUrl: "https://files.example/a" };

/** For each request: bodies, each with the verdict that docs/api.md §1 and §4 require. */
const VERDICTS: Readonly<
  Record<string, { schema: Schema; bodies: readonly (readonly [body: unknown, verdict: string])[] }>
> = {
  create: {
    schema: createDisputeRequest,
    bodies: [
      [CREATE, "ok"],
      [{ ...CREATE, category: "bank_fee_error" }, "ok"],
      [{ ...CREATE, draft: true }, "ok"],
      [{ ...CREATE, draft: "true" }, "422 draft"],
      [{ ...CREATE, category: "FRAUD" }, "400 category"],
      [{ ...CREATE, category: 1 }, "422 category"],
      [{}, "400 category,description"],
      [{ ...CREATE, description: "  " }, "400 description"],
      [{ ...CREATE, description: "x".repeat(5_001) }, "422 description"],
      [{ ...CREATE, description: ` ${"x".repeat(5_000)} ` }, "ok"],
      [{ ...CREATE, description: null }, "422 description"],
      [{ ...CREATE, state: "WON" }, "400 state"],
      [undefined, "400 "],
      [[], "422 "],
    ],
  },
  update: {
    schema: updateDisputeRequest,
    bodies: [
      [{ description: "new" }, "ok"],
      [{}, "400 "],
      [{ draft: false }, "400 draft,"],
    ],
  },
  "request-evidence": {
    schema: requestEvidenceRequest,
    bodies: [
      [{ note: "why" }, "ok"],
      [{}, "400 note"],
    ],
  },
  close: {
    schema: closeDisputeRequest,
    bodies: [
      [{ won: false, resolution: "no" }, "ok"],
      [{ resolution: "no" }, "400 won"],
      [{ won: "false", resolution: "no" }, "422 won"],
      [{ won: null, resolution: "no" }, "422 won"],
      [{ won: 0, resolution: "no" }, "422 won"],
      [{ won: true }, "400 resolution"],
      [{ won: 1, resolution: "" }, "400 won,resolution"],
    ],
  },
  reopen: {
    schema: reopenDisputeRequest,
    bodies: [
      [{ reason: "facts" }, "ok"],
      [{ reason: "" }, "400 reason"],
    ],
  },
  "add evidence": {
    schema: addEvidenceRequest,
    bodies: [
      [EVIDENCE, "ok"],
      [{ fileUrl: EVIDENCE.fileUrl }, "400 comment"],
      [{ ...EVIDENCE, comment: "x".repeat(1_001) }, "422 comment"],
      [{ comment: "see" }, "400 fileUrl"],
    ],
  },
  "upload evidence": {
    schema: uploadEvidenceQuery,
    bodies: [
      [{ comment: "see", fileName: "" }, "ok"],
      [{}, "400 comment"],
    ],
  },
};

describe.each(Object.entries(VERDICTS))("the request to %s", (_name, { schema, bodies }) => {
  it.each(bodies)("with %j gives %j", (body, expected) => {
    expect(verdict(schema, body)).toBe(expected);
  });
});

describe("the request to create", () => {
  it("trims texts and converts the category to upper case", () => {
    expect(validate(createDisputeRequest, { category: " other ", description: " a " })).toEqual({
      category: "OTHER",
      description: "a",
    });
  });

  it("refuses strings over 65,536 UTF-16 code units, with the white space around them", () => {
    const padded = (text: string): string => text.padEnd(65_536, " ");
    const create = (changes: object): string =>
      verdict(createDisputeRequest, { ...CREATE, ...changes });
    expect(create({ category: padded("OTHER"), description: padded("a") })).toBe("ok");
    expect(create({ description: `${padded("a")} ` })).toBe("422 description");
    expect(create({ category: `${padded("OTHER")} ` })).toBe("400 category");
  });

  it("counts code points, as Postgres does", () => {
    expect(verdict(createDisputeRequest, { ...CREATE, description: "😀".repeat(5_000) })).toBe(
      "ok",
    );
  });
});

describe("a fileUrl", () => {
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
  ])("is accepted: %s", (url) => {
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
  ])("is rejected with 422: %j", (url) => {
    expect(judge(url)).toBe("422 fileUrl");
  });

  it("that is accepted is an https URL with a host and no credentials to the URL parser of Node too", () => {
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
        const parsed = new URL(given);
        expect(parsed).toMatchObject({ protocol: "https:", username: "", password: "" });
        expect(parsed.hostname).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });

  it("is accepted if it is an ordinary https URL", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["https"] }), (given) => {
        expect(judge(given)).toBe("ok");
      }),
    );
  });
});
