import { isKnown, requireMatch } from "../../src/http/etag.ts";

const matches = (ifMatch: string): boolean => {
  try {
    requireMatch(ifMatch, 3);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "precondition_failed" });
    return false;
  }
};

describe("If-Match", () => {
  it.each(['"3"', ' "3" ', "*", '"2", "3"', '"2","3"', 'W/"9", "3"', ',"3",'])(
    "%s allows a change of version 3",
    (ifMatch) => expect(matches(ifMatch)).toBe(true),
  );

  it.each([
    ['"2"', "another version"],
    ['W/"3"', "a weak tag"],
    ["3", "no quotes"],
    ["'3'", "single quotes"],
    ['"03"', "another spelling"],
    ["", "an empty header"],
    ['"3', "an unterminated tag"],
    ['"3" and more', "text after a tag"],
    ['what "3"', "text before a tag"],
    ['"a"3"', "a quote inside a tag"],
    ['"2" "3"', "no comma between tags"],
    ['*, "3"', "* in a list"],
    ['w/"3"', "a lower-case weakness prefix"],
    ['"3";q=1', "a parameter"],
    ['"",'.repeat(5_000), "a long list of other tags"],
    [`${'"",'.repeat(5_000)}x`, "a long list that is malformed"],
  ])("%s does not allow it (%#: %s)", (ifMatch) => expect(matches(ifMatch)).toBe(false));
});

describe("If-None-Match", () => {
  it.each([
    ['"3"', true],
    ['W/"3"', true],
    ['"1", W/"3"', true],
    ["*", true],
    ['"2"', false],
    ["3", false],
    ['"3" and more', false],
  ])("%s matches version 3: %s", (header, known) => expect(isKnown(header, '"3"')).toBe(known));
});
