import fc from "fast-check";

const NASTY = [
  "",
  " ",
  '"',
  '""',
  ",",
  "'",
  "\\",
  "\\.",
  "\\N",
  "NULL",
  "a\nb",
  "a\r\nb",
  "\r",
  "\n",
  "\t",
  "-",
  "+",
  "-12.5",
  "+1e5",
  "-1.2.3",
  "-.5",
  "+5.",
  "-.",
  "-abc",
  "-1\n",
  "-١٢",
  "=SUM(A1:A9)",
  "@cmd",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  "\tx",
  " =1",
  "&amp;",
  "&lt;&#13;",
  "<row>",
  "]]>",
  "<![CDATA[",
  "\u0001",
  "\u0002",
  "\u007f\u0085",
  "\u2028\u2029",
  "\ufffe\uffff\ufffd\ufeff",
  "שלום \u202eabc",
  "👩‍👩‍👧‍👦 𝒳",
  "x".repeat(10_000),
];

const controls = Array.from({ length: 31 }, (_, index) => String.fromCodePoint(index + 1));

/** Texts that spreadsheets, parsers and escapes stumble over. */
export const hostileText: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...NASTY, ...controls),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc
      .array(fc.constantFrom(...NASTY.slice(0, -1), ...controls, "a", "1"), { maxLength: 5 })
      .map((parts) => parts.join("")),
    fc.constantFrom("Card payment 17", "Café Nový Svět"),
  )
  // Postgres has no NUL in text.
  .map((value) => value.replaceAll("\0", ""));
