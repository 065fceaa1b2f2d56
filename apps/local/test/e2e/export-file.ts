import { parse } from "csv-parse/sync";

/** A row of an export file, by column; what is null is absent or empty. */
export type FileRow = Readonly<Record<string, string>>;

/** The rows of an export file, read as a client would. */
export function rowsOf(format: string, text: string): readonly FileRow[] {
  if (format === "CSV") return parse(text, { columns: true });
  if (format === "JSON") return JSON.parse(text) as FileRow[];
  return [...text.matchAll(/^\s*<row>(.*)<\/row>$/gm)].map(([, elements = ""]) =>
    Object.fromEntries(
      [...elements.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value]),
    ),
  );
}

const DECIMALS = 8;

/** A decimal as a whole number of 10⁻⁸, exactly. */
export function exact(decimal: string): bigint {
  const parts = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(decimal);
  if (parts === null) throw new Error(`${decimal} is no decimal`);
  const [, sign, whole, fraction = ""] = parts;
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, "0")}`);
}

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);
