import { EXCEPTION_STATUSES } from "../exception/lifecycle.ts";
import { EXCEPTION_SEVERITIES } from "../exception/requests.ts";
import { TRANSACTION_STATUSES } from "../transaction/statuses.ts";
import type { FieldRules, FieldKind } from "./field-kinds.ts";
import { MAX_KEY_LENGTH, MAX_LONG_TEXT_LENGTH, MAX_SHORT_TEXT_LENGTH } from "./limits.ts";

/** The kinds of `POST …/records/{kind}` (docs/api.md §5), in the order in which error messages list them. */
export const RECORD_KINDS = [
  "transactions",
  "match-groups",
  "fee-variances",
  "exceptions",
] as const;

export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * Which records must have a field: every record, only records that do not exist yet, or none. A field that an existing
 * record leaves out keeps its value.
 */
export type Requirement = "always" | "on-create" | "never";

/** A field of a record. A field of kind `source` holds the ID or the name of one of the context's sources. */
export type RecordField = FieldRules & {
  readonly name: string;
  readonly kind: FieldKind | "source";
  readonly required: Requirement;
};

/** The fields of a kind of record. */
export type RecordTable = {
  readonly fields: readonly RecordField[];
  /** For a kind with items: the fields of each object in `items`. In CSV, they are columns of the same line. */
  readonly items?: readonly RecordField[];
};

const short = { kind: "text", max: MAX_SHORT_TEXT_LENGTH } as const;
const long = { kind: "text", max: MAX_LONG_TEXT_LENGTH } as const;
const key = { kind: "key", max: MAX_KEY_LENGTH } as const;

/** Sorted, because error messages list them in this order. */
const TRANSACTION_MARKS = TRANSACTION_STATUSES.filter((status) => status !== "MATCHED").toSorted();

const MATCHED_IS_DERIVED =
  "MATCHED is derived from the match groups and cannot be set; use IGNORED, PENDING_REVIEW or UNMATCHED";

/** Every kind of record as data. The validation, the CSV header and the staging tables are derived from it. */
export const recordTables = {
  transactions: {
    fields: [
      { name: "source", kind: "source", required: "always" },
      { name: "externalId", ...key, required: "always" },
      { name: "amount", kind: "amount", required: "on-create" },
      { name: "currency", kind: "currency", required: "on-create" },
      { name: "date", kind: "instant", required: "on-create" },
      { name: "description", ...long, required: "never" },
      {
        name: "status",
        kind: "choice",
        values: TRANSACTION_MARKS,
        refused: { MATCHED: MATCHED_IS_DERIVED },
        required: "never",
      },
    ],
  },
  "match-groups": {
    fields: [
      { name: "externalId", ...key, required: "always" },
      {
        name: "status",
        kind: "choice",
        values: ["CONFIRMED", "PROPOSED", "REJECTED", "REVOKED"],
        required: "never",
      },
      { name: "rule", ...short, required: "never" },
      { name: "confidence", kind: "percent", required: "never" },
    ],
    items: [
      { name: "source", kind: "source", required: "always" },
      { name: "transaction", ...key, required: "always" },
      { name: "amount", kind: "amount", required: "never" },
      { name: "currency", kind: "currency", required: "never" },
    ],
  },
  "fee-variances": {
    fields: [
      { name: "externalId", ...key, required: "always" },
      { name: "source", kind: "source", required: "on-create" },
      { name: "transaction", ...key, required: "on-create" },
      { name: "feeScheduleId", ...key, required: "on-create" },
      { name: "feeScheduleName", ...key, required: "on-create" },
      { name: "currency", kind: "currency", required: "on-create" },
      { name: "expected", kind: "amount", required: "on-create" },
      { name: "actual", kind: "amount", required: "on-create" },
    ],
  },
  exceptions: {
    fields: [
      { name: "source", kind: "source", required: "always" },
      { name: "transaction", ...key, required: "always" },
      {
        name: "severity",
        kind: "choice",
        values: EXCEPTION_SEVERITIES,
        required: "on-create",
      },
      {
        name: "status",
        kind: "choice",
        values: EXCEPTION_STATUSES,
        required: "never",
      },
      { name: "reason", ...long, required: "never" },
      { name: "assignedTo", ...short, required: "never" },
      { name: "dueAt", kind: "instant", required: "never" },
      { name: "resolutionType", ...short, required: "never" },
      { name: "resolutionNotes", ...long, required: "never" },
      { name: "createdAt", kind: "instant", required: "never" },
    ],
  },
} as const satisfies Record<RecordKind, RecordTable>;
