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

/**
 * Which records must have a field: every record, only records that do not exist yet, or none. A field that an existing
 * record leaves out keeps its value.
 */
export type Required = "always" | "on-create" | "never";

/** A field of a record. `source` names one of the context's sources by id or name. */
export type RecordField = FieldFacts & {
  readonly name: string;
  readonly kind: FieldKind | "source";
  readonly required: Required;
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
      { name: "source", kind: "source", required: "always" },
      { name: "externalId", ...key, required: "always" },
      { name: "amount", kind: "amount", required: "on-create" },
      { name: "currency", kind: "currency", required: "on-create" },
      { name: "date", kind: "instant", required: "on-create" },
      { name: "description", ...long, required: "never" },
      {
        name: "status",
        kind: "choice",
        values: ["IGNORED", "PENDING_REVIEW", "UNMATCHED"],
        refused: { MATCHED: FOLLOWS },
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
