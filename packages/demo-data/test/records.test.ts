import { money } from "../src/records.ts";

it.each([
  [0, "0.00"],
  [5, "0.05"],
  [-5, "-0.05"],
  [123_456, "1234.56"],
  [-100, "-1.00"],
])("formats %d cents as %s", (cents, text) => {
  expect(money(cents)).toBe(text);
});
