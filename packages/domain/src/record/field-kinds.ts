import { isCurrency } from "./currencies.ts";
import { instant } from "./instant.ts";

/** A fault: completes the sentence "<field> …" and says what to change. */
export type Fault = { readonly fault: string };

/** A value as Postgres reads it from a text, or what is wrong with it. */
export type Checked = string | Fault;

/** What a value is. `source` is checked where the context's sources are known. */
export type FieldKind = "key" | "text" | "amount" | "currency" | "instant" | "choice" | "percent";

/** What a field's kind needs to know beside the value. */
export type FieldFacts = {
  /** The longest text, for `key` and `text`. */
  readonly max?: number;
  /** For `choice`. */
  readonly values?: readonly string[];
  /** For `choice`: words that are known but not the caller's to say, and why. */
  readonly refused?: Readonly<Record<string, string>>;
};

/** Checks one value that is there (not null, not left out). `cell`: it comes from a CSV, where everything is text. */
export type Check = (value: unknown, facts: FieldFacts, cell: boolean) => Checked;

const fault = (detail: string): Fault => ({ fault: detail });

// Postgres has no NUL in text, and a half of a surrogate pair (only JSON's \u escapes can bring one) has no UTF-8.
const UNSTORABLE = /[\0\ud800-\udfff]/u;

const NOT_TEXT = fault("must be a string");
const BLANK = fault("must not be blank");
const HAS_NUL = fault("must not contain the character NUL (\\u0000)");
const HAS_HALF = fault("must not contain half of a surrogate pair (\\ud800 to \\udfff)");

const text: Check = (value, { max = 0 }) => {
  if (typeof value !== "string") return NOT_TEXT;
  if (value.length > max)
    return fault(`must be at most ${max} characters long, and is ${value.length}`);
  if (UNSTORABLE.test(value)) return value.includes("\0") ? HAS_NUL : HAS_HALF;
  return value;
};

const key: Check = (value, facts, cell) => {
  const checked = text(value, facts, cell);
  return typeof checked === "string" && checked.trim() === "" ? BLANK : checked;
};

const AMOUNT = /^[+-]?\d{1,20}(?:\.\d{1,8})?$/;
const NUMBER_NOT_STRING = fault(
  'must be a string such as "12.50", not a JSON number, which would lose digits',
);
const AMOUNT_NOT_STRING = fault('must be a string such as "12.50"');
const EXPONENT = fault("must be written out, without an exponent");
const BEFORE_POINT = fault("must have at most 20 digits before the decimal point");
const AFTER_POINT = fault("must have at most 8 digits after the decimal point");
const NO_AMOUNT = fault(
  'must be a decimal number such as "12.50" or "-3", with a point and no spaces, thousands separators or currency signs',
);

const amount: Check = (value) => {
  if (typeof value === "number") return NUMBER_NOT_STRING;
  if (typeof value !== "string") return AMOUNT_NOT_STRING;
  if (AMOUNT.test(value)) return value;
  if (/^[+-]?\d*\.?\d*e[+-]?\d+$/i.test(value)) return EXPONENT;
  if (/^[+-]?\d{21,}(\.\d*)?$/.test(value)) return BEFORE_POINT;
  if (/^[+-]?\d+\.\d{9,}$/.test(value)) return AFTER_POINT;
  return NO_AMOUNT;
};

const NO_CURRENCY = fault('must be an ISO 4217 code, such as "EUR"');

const currency: Check = (value) => {
  if (typeof value !== "string") return NO_CURRENCY;
  if (isCurrency(value)) return value;
  const upper = value.toUpperCase();
  return value.length === 3 && isCurrency(upper) ? upper : NO_CURRENCY;
};

const NO_INSTANT = fault(
  'must be a day that exists ("2026-01-15") or an RFC 3339 timestamp with its offset ("2026-01-15T10:30:00Z"), in the years 0001 to 9999',
);

const whenever: Check = (value) =>
  (typeof value === "string" ? instant(value) : undefined) ?? NO_INSTANT;

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
const NO_PERCENT = fault("must be a number from 0 to 100 with at most two decimals");
const PERCENT_NOT_NUMBER = fault("must be a JSON number, without quotes");

const percent: Check = (value, _facts, cell) => {
  if (!cell && typeof value !== "number") return PERCENT_NOT_NUMBER;
  const written = String(value);
  return PERCENT.test(written) && Number(written) <= 100 ? written : NO_PERCENT;
};

/** How a value of each kind is checked and normalised. */
export const fieldKinds = {
  key,
  text,
  amount,
  currency,
  instant: whenever,
  choice,
  percent,
} as const satisfies Record<FieldKind, Check>;
