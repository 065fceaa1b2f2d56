import type { RecordKind } from "@docket/client";

export const SOURCE_TYPES = [
  { value: "BANK", label: "Bank" },
  { value: "LEDGER", label: "Ledger" },
  { value: "GATEWAY", label: "Payment gateway" },
  { value: "CUSTOM", label: "Other" },
];

export const SIDES = [
  { value: "LEFT", label: "Left" },
  { value: "RIGHT", label: "Right" },
];

/** The kinds of records, in the order in which they refer to each other. */
export const KINDS: readonly { readonly value: RecordKind; readonly label: string }[] = [
  { value: "transactions", label: "Transactions" },
  { value: "match-groups", label: "Match groups" },
  { value: "fee-variances", label: "Fee variances" },
  { value: "exceptions", label: "Exceptions" },
];

export const labelOf = (
  options: readonly { readonly value: string; readonly label: string }[],
  value: string,
): string => options.find((each) => each.value === value)?.label ?? value;
