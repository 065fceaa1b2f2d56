import { isCurrency } from "./currencies.ts";
import { parseInstant } from "./instant.ts";

/** The text completes the sentence "<field> …" and says what to change. */
export type Fault = { readonly fault: string };

/** The value as text that Postgres can read, or a fault. */
export type Checked = string | Fault;

/** The type of a field. A `source` is not a {@link FieldKind}, because checking it requires the sources of the context. */
export type FieldKind = "key" | "text" | "amount" | "currency" | "instant" | "choice" | "percent";

/** The parameters of a check, by kind. */
export type FieldRules = {
  /** For `key` and `text`: the greatest length in UTF-16 code units. */
  readonly max?: number;
  /** For `choice`: the accepted values. */
  readonly values?: readonly string[];
  /** For `choice`: known values that callers cannot set, each with the fault. */
  readonly refused?: Readonly<Record<string, string>>;
};

/** Checks a value that is neither null nor absent. `isCell` is true for a CSV cell, which is always text. */
type Check = (value: unknown, rules: FieldRules, isCell: boolean) => Checked;

const fault = (detail: string): Fault => ({ fault: detail });

// Postgres cannot store NUL in text, and an unpaired surrogate (possible in JSON's \u escapes) has no UTF-8 encoding.
const UNSTORABLE = /[\0\ud800-\udfff]/u;

const NOT_TEXT = fault("must be a string");
const BLANK = fault("must not be blank");
const HAS_NUL = fault("must not contain the character NUL (\\u0000)");
const HAS_SURROGATE = fault("must not contain an unpaired surrogate (\\ud800 to \\udfff)");

const text: Check = (value, { max = 0 }) => {
  if (typeof value !== "string") return NOT_TEXT;
  if (value.length > max) {
    return fault(`must be at most ${max} characters long, but has ${value.length}`);
  }
  if (UNSTORABLE.test(value)) return value.includes("\0") ? HAS_NUL : HAS_SURROGATE;
  return value;
};

const key: Check = (value, rules, isCell) => {
  const checked = text(value, rules, isCell);
  return typeof checked === "string" && checked.trim() === "" ? BLANK : checked;
};

const NUMBER_NOT_STRING = fault(
  'must be a string such as "12.50", not a JSON number, which would lose digits',
);
const AMOUNT_NOT_STRING = fault('must be a string such as "12.50"');
const TOO_LONG = fault("must have at most 20 digits before the decimal point and 8 after it");
const EXPONENT = fault("must be written without an exponent");
const BEFORE_POINT = fault("must have at most 20 digits before the decimal point");
const AFTER_POINT = fault("must have at most 8 digits after the decimal point");
const NOT_AN_AMOUNT = fault(
  'must be a decimal number such as "12.50" or "-3", without spaces, thousands separators or currency symbols',
);

/** An amount has at most 30 characters. A faulty text of up to this length gets a more precise fault. */
const MAX_AMOUNT_LENGTH = 100;
const AMOUNT = /^[+-]?\d{1,20}(?:\.\d{1,8})?$/;
/** Takes linear time, because no two adjacent parts match the same character. */
const NUMBER = /^[+-]?(\d*)(?:\.(\d*))?(e[+-]?\d+)?$/i;

const amount: Check = (value) => {
  if (typeof value === "number") return NUMBER_NOT_STRING;
  if (typeof value !== "string") return AMOUNT_NOT_STRING;
  if (value.length > MAX_AMOUNT_LENGTH) return TOO_LONG;
  return AMOUNT.test(value) ? value : faultOfAmount(value);
};

function faultOfAmount(value: string): Fault {
  const [, before = "", after = "", exponent] = NUMBER.exec(value) ?? [];
  if (exponent !== undefined) return EXPONENT;
  if (before.length > 20) return BEFORE_POINT;
  return before !== "" && after.length > 8 ? AFTER_POINT : NOT_AN_AMOUNT;
}

const NOT_A_CURRENCY = fault('must be an ISO 4217 code, such as "EUR"');

const currency: Check = (value) => {
  if (typeof value !== "string" || value.length !== 3) return NOT_A_CURRENCY;
  if (isCurrency(value)) return value;
  const upper = value.toUpperCase();
  return isCurrency(upper) ? upper : NOT_A_CURRENCY;
};

const NOT_AN_INSTANT = fault(
  'must be an existing date such as "2026-01-15", or an RFC 3339 timestamp with an offset such as "2026-01-15T10:30:00Z", in the years 0001 to 9999',
);

const instant: Check = (value) =>
  (typeof value === "string" ? parseInstant(value) : undefined) ?? NOT_AN_INSTANT;

const choice: Check = (value, { values = [], refused = {} }) => {
  if (typeof value === "string") {
    if (values.includes(value)) return value;
    const upper = value.trim().toUpperCase();
    if (values.includes(upper)) return upper;
    if (Object.hasOwn(refused, upper)) return fault(refused[upper]!);
  }
  return fault(`must be one of ${values.join(", ")}`);
};

const PERCENT = /^\d{1,3}(?:\.\d{1,2})?$/;
const NOT_A_PERCENTAGE = fault("must be a number from 0 to 100 with at most two decimals");
const PERCENTAGE_NOT_NUMBER = fault("must be a JSON number, without quotes");

const percent: Check = (value, _rules, isCell) => {
  if (!isCell && typeof value !== "number") return PERCENTAGE_NOT_NUMBER;
  const written = String(value);
  return PERCENT.test(written) && Number(written) <= 100 ? written : NOT_A_PERCENTAGE;
};

/** Checks and normalizes a value of each kind. */
export const fieldKinds = {
  key,
  text,
  amount,
  currency,
  instant,
  choice,
  percent,
} as const satisfies Record<FieldKind, Check>;
