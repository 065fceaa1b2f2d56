import { canonicalJson } from "../../src/index.ts";

it("writes the example of RFC 8785, §3.2.2", () => {
  const value: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  expect(canonicalJson(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

it("sorts members by UTF-16 code units, as RFC 8785, §3.2.3", () => {
  const names = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
  const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
  const value = Object.fromEntries(names.map((name) => [name, 0]));
  expect(canonicalJson(value)).toBe(
    `{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(",")}}`,
  );
});

it("sorts numeric names as text, and keeps the name __proto__", () => {
  expect(canonicalJson(JSON.parse('{"9":1,"10":2,"__proto__":{"b":1,"a":2}}'))).toBe(
    '{"10":2,"9":1,"__proto__":{"a":2,"b":1}}',
  );
});
