import { DocketError } from "./errors.ts";

/** Amounts are decimal strings without a sign, with at most 20 digits before and 8 after the decimal point. */
const AMOUNT = /^0*(\d{1,20}?)(?:\.(\d{0,8}?)0*)?$/;
const DECIMALS = 8;

/** Removes superfluous zeros: `012.30` becomes `12.3`. Undefined if `text` is not an amount. */
export function canonicalAmount(text: string): string | undefined {
  if (!/^\d{1,20}(?:\.\d{1,8})?$/.test(text)) return undefined;
  const [, whole = "0", decimals = ""] = AMOUNT.exec(text) ?? [];
  return decimals === "" ? whole : `${whole}.${decimals}`;
}

/** The amount in units of 10⁻⁸. */
export function unitsOf(amount: string): bigint {
  const [whole = "", decimals = ""] = amount.split(".");
  return BigInt(whole + decimals.padEnd(DECIMALS, "0"));
}

/** @throws DocketError `invalid_field` if `amount` is above `limit`. */
export function assertAtMost(field: string, amount: string, limit: string): void {
  if (unitsOf(amount) <= unitsOf(limit)) return;
  const detail = `${field} must be at most ${limit}`;
  throw new DocketError("invalid_field", `${detail}.`, { errors: [{ field, detail }] });
}
