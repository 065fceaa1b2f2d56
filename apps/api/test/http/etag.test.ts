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
    "%s lets a change of version 3 through",
    (ifMatch) => expect(matches(ifMatch)).toBe(true),
  );

  it.each([
    ['"2"', "another version"],
    ['W/"3"', "a weak tag"],
    ["3", "no quotes"],
    ["'3'", "other quotes"],
    ['"03"', "another spelling"],
    ["", "nothing"],
    ['"3', "half a tag"],
    ['"3" and more', "more than tags"],
    ['what "3"', "more than tags"],
    ['"a"3"', "no list"],
    ['"2" "3"', "no comma"],
    ['*, "3"', "all and some"],
    ['w/"3"', "a weak tag in lower case"],
    ['"3";q=1', "a parameter"],
    ['"",'.repeat(5_000), "a long list"],
    [`${'"",'.repeat(5_000)}x`, "a long list that is none"],
  ])("%s does not (%#: %s)", (ifMatch) => expect(matches(ifMatch)).toBe(false));
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
  ])("%s: known is %s", (header, known) => expect(isKnown(header, '"3"')).toBe(known));
});
