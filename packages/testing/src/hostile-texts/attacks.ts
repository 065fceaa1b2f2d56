import fc from "fast-check";

/** A hostile string: `head`, then `unit` over and over, then `tail`. */
export type Attack = { readonly head: string; readonly unit: string; readonly tail: string };

/** As long as the longest line of a records body, and longer than all headers of a request together. */
const LENGTH = 65_536;

export const textOf = ({ head, unit, tail }: Attack, length = LENGTH): string => {
  const units = unit.repeat(Math.ceil(length / unit.length));
  return head + units.slice(0, length - head.length - tail.length) + tail;
};

/** Runs of one kind, mostly with a last character that makes a pattern backtrack. */
export const ATTACKS: readonly Attack[] = [
  ["", "1", ""],
  ["", "1", "!"],
  ["-", "0", "e"],
  ["-", "1", "x"],
  ["", "1", ".x"],
  ["1.", "9", "x"],
  ["1e", "1", "."],
  ["", "1.", "x"],
  ["", ".", "x"],
  ["x", ".", "x"],
  ["x", " ", "x"],
  ["x", " .", "x"],
  ["x", "\u00a0\u2003", "x"],
  ["x", "\t\r\n", "x"],
  ["", " ", ""],
  ["", ",", "!"],
  ["", " ,", "!"],
  ['"a"', ' ,"a"', "!"],
  ['"a"', " ", "!"],
  ["", 'W/"",', "W"],
  ["", '"', "x"],
  ["", '\\"', "x"],
  ['"', "\\", "x"],
  ["", "/", "x"],
  ["", "../", "\\"],
  ["", "+-", "x"],
  ["", "'", "x"],
  ["e", "\u0301", "x"],
  ["", "e\u0301", "\u0000"],
  ["", "\u{1f600}", "\ud800"],
  ["", "\u202e", "."],
  ["", "a", "!"],
  ["", "aA0-", "!"],
  ["https://", "a.", "!"],
  ["https://", "a", "-/"],
  ["https://", "a.", ".localhost"],
  ["https://", "a@", " "],
  ["https://a/", "%41", "%"],
  ["2026-01-15T10:30:00.", "1", "x"],
  ["2026-01-15", "T10:30:00Z", ""],
  ["sha-256=:", "A", "="],
  ["sha-256=:AA==:", ";a=b", ";"],
  ["", "eyJa.", "!"],
  ["", "://a:", "@"],
  ["text/csv", "; a=b", ";"],
  ["text/csv;", " ", "="],
  ["{", '"a":1,', "}"],
  ["", "[", ""],
  ["", "x\n", ""],
  ["", ",\n", ""],
  ["", "{\n", ""],
  ["", "a b\r\n", ""],
].map(([head = "", unit = "", tail = ""]) => ({ head, unit, tail }));

const CHARACTERS = Array.from("019aexZ.,:;=+-_@%* \t\u00a0/\\\"'<?#[{\0\u0301\u202e\u{1f600}");
const PIECES = [...CHARACTERS, "\r\n", "\ud800", "https://", "2026-01-15T10:30:00.", "W/"];

const pieces = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string()), {
      minLength,
      maxLength,
    })
    .map((parts) => parts.join(""));

/** Any attack that consists of these pieces. */
export const anyAttack: fc.Arbitrary<Attack> = fc.record({
  head: pieces(0, 3),
  unit: pieces(1, 3).filter((unit) => unit !== ""),
  tail: pieces(0, 2),
});
