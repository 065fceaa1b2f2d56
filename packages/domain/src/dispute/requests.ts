import Joi from "joi";
import { bodyOf, boundedString, instant, oneOf, positiveAmount, text } from "../schemas.ts";
import { EVIDENCE_KINDS, type EvidenceKind } from "./evidence.ts";

/** Lists sort by this order (docs/api.md §4). */
export const DISPUTE_CATEGORIES = [
  "BANK_FEE_ERROR",
  "UNRECOGNIZED_CHARGE",
  "DUPLICATE_TRANSACTION",
  "OTHER",
] as const;

export type DisputeCategory = (typeof DISPUTE_CATEGORIES)[number];

const MAX_TEXT = 5_000;
const MAX_SHORT = 200;
const MAX_COMMENT = 1_000;
const MAX_URL = 2_048;

/** What a dispute is about, besides its texts (docs/api.md §8). */
type Details = {
  /** A decimal string above 0. */
  readonly disputedAmount?: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly respondBy?: string;
  readonly assignedTo?: string;
  /** The counterparty's case number. */
  readonly reference?: string;
};

const details = {
  disputedAmount: positiveAmount(),
  respondBy: instant(),
  assignedTo: text(MAX_SHORT),
  reference: text(MAX_SHORT),
};

/** The validated body of `POST /v1/exceptions/{exceptionId}/disputes`. */
export type CreateDisputeRequest = Details & {
  readonly category: DisputeCategory;
  readonly description: string;
  readonly draft?: boolean;
};

export const createDisputeRequest = bodyOf<CreateDisputeRequest>({
  category: oneOf(DISPUTE_CATEGORIES).required(),
  description: text(MAX_TEXT).required(),
  // Strict, because Joi would convert the string "false".
  draft: Joi.boolean().strict(),
  ...details,
});

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** The validated body of `PATCH /v1/disputes/{disputeId}`. `null` clears a field. */
export type UpdateDisputeRequest = Partial<Pick<CreateDisputeRequest, "category" | "description">> &
  Pick<Details, "disputedAmount"> &
  Nullable<Omit<Details, "disputedAmount">>;

export const updateDisputeRequest = bodyOf<UpdateDisputeRequest>({
  category: oneOf(DISPUTE_CATEGORIES),
  description: text(MAX_TEXT),
  disputedAmount: details.disputedAmount,
  respondBy: details.respondBy.allow(null),
  assignedTo: details.assignedTo.allow(null),
  reference: details.reference.allow(null),
})
  .or("category", "description", ...Object.keys(details))
  .meta({ minProperties: 1 })
  .messages({ "object.missing": "at least one field is required" });

export const requestEvidenceRequest = bodyOf<{ readonly note: string }>({
  note: text(MAX_TEXT).required(),
});

export type CloseDisputeRequest = {
  readonly won: boolean;
  readonly resolution: string;
  /** A decimal string above 0, only of a dispute that is won. */
  readonly recoveredAmount?: string;
};

export const closeDisputeRequest = bodyOf<CloseDisputeRequest>({
  won: Joi.boolean().strict().required(),
  resolution: text(MAX_TEXT).required(),
  // oxlint-disable-next-line unicorn/no-thenable -- an option of Joi
  recoveredAmount: positiveAmount().when("won", { is: false, then: Joi.forbidden() }),
});

export const reopenDisputeRequest = bodyOf<{ readonly reason: string }>({
  reason: text(MAX_TEXT).required(),
});

export const addNoteRequest = bodyOf<{ readonly note: string }>({
  note: text(MAX_TEXT).required(),
});

/** The host between `https://` and the first of `/?#`: letters, digits, dots and hyphens, or an IPv6 address. */
const HOST =
  /^https:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(?=[/?#]|$)/i;
/** A host whose last label is a number is an IPv4 address to URL parsers, so it must be a complete one. */
const NUMERIC_END = /^https:\/\/(?:[^/?#:]*\.)?(?:\d+|0x[0-9a-f]*)\.?(?=[:/?#]|$)/i;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^https://${OCTET}(?:\\.${OCTET}){3}(?=[:/?#]|$)`, "i");

const HTTPS = Joi.string().uri({ scheme: /[Hh][Tt][Tt][Pp][Ss]/ });

/** The error type of the first fault in `url`. */
function faultOfUrl(url: string): string | undefined {
  if (url === "") return "string.empty";
  if (url.length > MAX_URL) return "malformed.length";
  if (HTTPS.validate(url).error !== undefined) return "malformed.url";
  // An @ in the authority ends the credentials.
  if (/^https:\/\/[^/?#]*@/i.test(url)) return "malformed.credentials";
  const host = HOST.exec(url);
  const isValid =
    host !== null &&
    !/^https:\/\/[^/?#]*\.\./i.test(url) &&
    Number(host[1] ?? 0) <= 65_535 &&
    (!NUMERIC_END.test(url) || IPV4.test(url));
  return isValid ? undefined : "malformed.url";
}

/** An absolute https URL with a host and without credentials (docs/api.md §4). */
const httpsUrl = (): Joi.StringSchema =>
  boundedString("malformed.length", (given, helpers) => {
    const url = given.trim();
    const fault = faultOfUrl(url);
    return fault === undefined ? url : helpers.error(fault);
  })
    .meta({
      maxLength: MAX_URL,
      format: "uri",
      description: "An https URL with a host and without credentials. The server never fetches it.",
    })
    .messages({
      "malformed.length": `{#label} must be at most ${MAX_URL} characters long`,
      "malformed.url": "{#label} must be an https URL with a host",
      "malformed.credentials": "{#label} must not contain credentials",
    });

/** The validated body of `POST /v1/disputes/{disputeId}/evidence`. */
export type AddEvidenceRequest = {
  readonly comment: string;
  readonly fileUrl: string;
  readonly kind: EvidenceKind;
};

const evidenceKind = oneOf(EVIDENCE_KINDS).default("OTHER");

export const addEvidenceRequest = bodyOf<AddEvidenceRequest>({
  comment: text(MAX_COMMENT).required(),
  fileUrl: httpsUrl().required(),
  kind: evidenceKind,
});

/** The validated query of `POST /v1/disputes/{disputeId}/evidence/upload`. */
export type UploadEvidenceQuery = {
  readonly comment: string;
  readonly fileName?: string;
  readonly kind: EvidenceKind;
};

export const uploadEvidenceQuery = Joi.object<UploadEvidenceQuery>({
  comment: text(MAX_COMMENT).required(),
  // Any name is accepted and sanitized (file-name.ts); an empty one counts as absent.
  fileName: Joi.string().allow(""),
  kind: evidenceKind,
});
