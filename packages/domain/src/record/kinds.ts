import { EXCEPTION_SEVERITIES, EXCEPTION_STATUSES } from "../exception/requests.ts";
import type { FieldFacts, FieldKind } from "./field-kinds.ts";
import { MAX_KEY_LENGTH, MAX_LONG_TEXT_LENGTH, MAX_SHORT_TEXT_LENGTH } from "./limits.ts";

/** What `POST …/records/{kind}` takes, in the order in which it is named to callers (contract §5). */
export const RECORD_KINDS = [
  "transactions",
  "match-groups",
  "fee-variances",
  "exceptions",
] as const;

export type RecordKind = (typeof RECORD_KINDS)[number];

/** `always`: in every record. `new`: in a record that is not there yet; left out of another, it keeps its value. */
export type Need = "always" | "new" | "never";

/** A field of a record. `source` names one of the context's sources by id or name. */
export type RecordField = FieldFacts & {
  readonly name: string;
  readonly kind: FieldKind | "source";
  readonly need: Need;
};

/** The fields of a kind, and of its items where it has a list of them. */
export type RecordTable = {
  readonly fields: readonly RecordField[];
  /** The fields of each object in `items`; in CSV they are columns of the same line. */
  readonly items?: readonly RecordField[];
};

const short = { kind: "text", max: MAX_SHORT_TEXT_LENGTH } as const;
const long = { kind: "text", max: MAX_LONG_TEXT_LENGTH } as const;
const key = { kind: "key", max: MAX_KEY_LENGTH } as const;

const FOLLOWS =
  "MATCHED follows from the match groups and is not yours to set; use IGNORED, PENDING_REVIEW or UNMATCHED";

/** Every kind as data: the validation, the CSV header and the staging tables are read from here. */
export const recordTables = {
  transactions: {
    fields: [
      { name: "source", kind: "source", need: "always" },
      { name: "externalId", ...key, need: "always" },
      { name: "amount", kind: "amount", need: "new" },
      { name: "currency", kind: "currency", need: "new" },
      { name: "date", kind: "instant", need: "new" },
      { name: "description", ...long, need: "never" },
      {
        name: "status",
        kind: "choice",
        values: ["IGNORED", "PENDING_REVIEW", "UNMATCHED"],
        refused: { MATCHED: FOLLOWS },
        need: "never",
      },
    ],
  },
  "match-groups": {
    fields: [
      { name: "externalId", ...key, need: "always" },
      {
        name: "status",
        kind: "choice",
        values: ["CONFIRMED", "PROPOSED", "REJECTED", "REVOKED"],
        need: "never",
      },
      { name: "rule", ...short, need: "never" },
      { name: "confidence", kind: "percent", need: "never" },
    ],
    items: [
      { name: "source", kind: "source", need: "always" },
      { name: "transaction", ...key, need: "always" },
      { name: "amount", kind: "amount", need: "never" },
      { name: "currency", kind: "currency", need: "never" },
    ],
  },
  "fee-variances": {
    fields: [
      { name: "externalId", ...key, need: "always" },
      { name: "source", kind: "source", need: "new" },
      { name: "transaction", ...key, need: "new" },
      { name: "feeScheduleId", ...key, need: "new" },
      { name: "feeScheduleName", ...key, need: "new" },
      { name: "currency", kind: "currency", need: "new" },
      { name: "expected", kind: "amount", need: "new" },
      { name: "actual", kind: "amount", need: "new" },
    ],
  },
  exceptions: {
    fields: [
      { name: "source", kind: "source", need: "always" },
      { name: "transaction", ...key, need: "always" },
      {
        name: "severity",
        kind: "choice",
        values: EXCEPTION_SEVERITIES,
        need: "new",
      },
      {
        name: "status",
        kind: "choice",
        values: EXCEPTION_STATUSES,
        need: "never",
      },
      { name: "reason", ...long, need: "never" },
      { name: "assignedTo", ...short, need: "never" },
      { name: "dueAt", kind: "instant", need: "never" },
      { name: "resolutionType", ...short, need: "never" },
      { name: "resolutionNotes", ...long, need: "never" },
      { name: "createdAt", kind: "instant", need: "never" },
    ],
  },
} as const satisfies Record<RecordKind, RecordTable>;
