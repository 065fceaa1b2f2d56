import fc from "fast-check";
import { assertAtMost, canonicalAmount, unitsOf } from "../src/amount.ts";

test.each([
  ["0", "0"],
  ["00.00", "0"],
  ["012.30", "12.3"],
  ["1000.10", "1000.1"],
  ["0.00000001", "0.00000001"],
  ["12345678901234567890.12345678", "12345678901234567890.12345678"],
])("%s is %s without superfluous zeros", (given, canonical) => {
  expect(canonicalAmount(given)).toBe(canonical);
});

test.each(["", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1.123456789", "123456789012345678901"])(
  "%j is not an amount",
  (given) => expect(canonicalAmount(given)).toBeUndefined(),
);

test("amounts compare exactly, where floats would not", () => {
  const units = fc.bigInt({ min: 0n, max: 10n ** 28n - 1n });
  const write = (value: bigint): string =>
    `${value / 10n ** 8n}.${String(value % 10n ** 8n).padStart(8, "0")}`;
  fc.assert(
    fc.property(units, units, (a, b) => {
      expect(unitsOf(canonicalAmount(write(a))!)).toBe(a);
      const compare = () => assertAtMost("amount", write(a), write(b));
      if (a <= b) expect(compare).not.toThrow();
      else expect(compare).toThrow(`amount must be at most ${write(b)}.`);
    }),
  );
});
