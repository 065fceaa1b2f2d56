/**
 * What a column holds, which decides how each format writes it (contract §3):
 * `text` is what a caller filled and is made safe for spreadsheets; `enum` is text of our own vocabulary;
 * `decimal` is plain with trailing zeros trimmed; `percent` has always two decimals;
 * `timestamp` is RFC 3339 UTC in whole seconds.
 */
export type ColumnKind = "uuid" | "text" | "enum" | "decimal" | "percent" | "integer" | "timestamp";

/** A column of a report: its name in every format, and whether it may be null. */
export type Column = {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable?: true;
};
