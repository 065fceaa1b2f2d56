/** Exact decimal arithmetic for the reference reports. */

const SCALE = 8;

/** A decimal as an integer in units of 10^-8. */
export function parseUnits(decimal: string): bigint {
  const [mantissa = "", exponent = "0"] = decimal.split("e");
  const [whole = "", part = ""] = mantissa.replace("-", "").split(".");
  const units = BigInt(whole + part.padEnd(SCALE, "0")) * 10n ** BigInt(exponent);
  return mantissa.startsWith("-") ? -units : units;
}

/** Without an exponent, trailing zeros trimmed. */
export function formatUnits(units: bigint): string {
  const digits = String(abs(units)).padStart(SCALE + 1, "0");
  const part = digits.slice(-SCALE).replace(/0+$/u, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${part === "" ? "" : `.${part}`}`;
}

/** `part` in percent of `whole`: two decimals, rounded half away from zero; null if `whole` is 0. */
export function percentOf(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const hundredths = (abs(part) * 20_000n + abs(whole)) / (2n * abs(whole));
  const sign = part < 0n !== whole < 0n && hundredths !== 0n ? "-" : "";
  const digits = String(hundredths).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
