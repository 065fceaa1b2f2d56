import fc from "fast-check";

/** Unusual numbers and times, for fast-check. */

/** The first `length` code points. */
export const head = (value: string, length: number): string =>
  Array.from(value).slice(0, length).join("");

export const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null, freq: 4 });

/** For example `-12345678901234567890.12345678`. */
const amount = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
    fc.integer({ min: 0, max: 99_999_999 }),
  )
  .map(
    ([negative, whole, part]) => `${negative ? "-" : ""}${whole}.${String(part).padStart(8, "0")}`,
  );

export const anyAmount = fc.oneof(
  fc.constantFrom(
    "0",
    "100.5",
    "100",
    "-0.00000001",
    "1e3",
    "0.10",
    "-5.00",
    "99999999999999999999.99999999",
  ),
  amount,
);

/** Near the bounds of January 2026, the range that the tests export. */
export const instant = fc.oneof(
  fc.constantFrom(
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-15T10:30:00.501Z",
    "2026-01-31T23:59:59.999Z",
    "2026-02-01T00:00:00.000Z",
  ),
  fc
    .date({
      min: new Date("2025-12-25T00:00:00Z"),
      max: new Date("2026-02-05T00:00:00Z"),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
);

export const anyInstant = fc.oneof(
  instant,
  fc.constantFrom("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"),
);

export const id = fc.uuid();
export const currency = fc.constantFrom("EUR", "USD");
