import Joi from "joi";
import { oneOf, text } from "../schemas.ts";

/** In the order of the contract, which is how lists sort them. */
export const DISPUTE_CATEGORIES = [
  "BANK_FEE_ERROR",
  "UNRECOGNIZED_CHARGE",
  "DUPLICATE_TRANSACTION",
  "OTHER",
] as const;

export type DisputeCategory = (typeof DISPUTE_CATEGORIES)[number];

const MAX_TEXT = 5_000;
const MAX_COMMENT = 1_000;
const MAX_URL = 2_048;

const bodyOf = <T>(keys: Joi.PartialSchemaMap<T>): Joi.ObjectSchema<T> =>
  Joi.object<T>(keys).required().label("body");

/** The body of `POST /v1/exceptions/{exceptionId}/disputes`, normalised. */
export type CreateDisputeRequest = {
  readonly category: DisputeCategory;
  readonly description: string;
  readonly draft?: boolean;
};

export const createDisputeRequest = bodyOf<CreateDisputeRequest>({
  category: oneOf(DISPUTE_CATEGORIES).required(),
  description: text(MAX_TEXT).required(),
  // Strict: "false" in quotes would be taken for a no where the caller may have meant anything.
  draft: Joi.boolean().strict(),
});

/** The body of `PATCH /v1/disputes/{disputeId}`. */
export type UpdateDisputeRequest = Partial<Omit<CreateDisputeRequest, "draft">>;

export const updateDisputeRequest = bodyOf<UpdateDisputeRequest>({
  category: oneOf(DISPUTE_CATEGORIES),
  description: text(MAX_TEXT),
})
  .or("category", "description")
  .meta({ minProperties: 1 })
  .messages({ "object.missing": "category or description is required" });

export const requestEvidenceRequest = bodyOf<{ readonly note: string }>({
  note: text(MAX_TEXT).required(),
});

export type CloseDisputeRequest = { readonly won: boolean; readonly resolution: string };

export const closeDisputeRequest = bodyOf<CloseDisputeRequest>({
  won: Joi.boolean().strict().required(),
  resolution: text(MAX_TEXT).required(),
});

export const reopenDisputeRequest = bodyOf<{ readonly reason: string }>({
  reason: text(MAX_TEXT).required(),
});

/** The host stands between `https://` and the first of `/?#`; letters, digits, dots and hyphens, or an IPv6 address. */
const HOST =
  /^https:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(?=[/?#]|$)/i;
/** The last part of a host that is a number makes it an IPv4 address, which must be whole. */
const NUMERIC_END = /^https:\/\/(?:[^/?#:]*\.)?(?:\d+|0x[0-9a-f]*)\.?(?=[:/?#]|$)/i;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^https://${OCTET}(?:\\.${OCTET}){3}(?=[:/?#]|$)`, "i");

const HTTPS = Joi.string().uri({ scheme: /[Hh][Tt][Tt][Pp][Ss]/ });

/** What is wrong with `url`, in one word: one fault a field is enough. */
function faultOfUrl(url: string): string | undefined {
  if (url.length > MAX_URL) return "malformed.length";
  if (HTTPS.validate(url).error !== undefined) return "malformed.url";
  // Credentials come before an @ in the authority.
  if (/^https:\/\/[^/?#]*@/i.test(url)) return "malformed.credentials";
  const host = HOST.exec(url);
  const sound =
    host !== null &&
    !/^https:\/\/[^/?#]*\.\./i.test(url) &&
    Number(host[1] ?? 0) <= 65_535 &&
    (!NUMERIC_END.test(url) || IPV4.test(url));
  return sound ? undefined : "malformed.url";
}

/** An absolute https URL with a host and without credentials (contract §4). It is kept and shown, and never fetched. */
const httpsUrl = (): Joi.StringSchema =>
  Joi.string()
    .trim()
    .custom((value: string, helpers) => {
      const fault = faultOfUrl(value);
      return fault === undefined ? value : helpers.error(fault);
    })
    .meta({
      maxLength: MAX_URL,
      format: "uri",
      description:
        "An https URL with a host and without credentials. It is kept and shown, and never fetched.",
    })
    .messages({
      "malformed.length": `{#label} must be at most ${MAX_URL} characters long`,
      "malformed.url": "{#label} must be an https URL with a host",
      "malformed.credentials": "{#label} must not hold credentials",
    });

/** The body of `POST /v1/disputes/{disputeId}/evidence`. */
export type AddEvidenceRequest = { readonly comment: string; readonly fileUrl: string };

export const addEvidenceRequest = bodyOf<AddEvidenceRequest>({
  comment: text(MAX_COMMENT).required(),
  fileUrl: httpsUrl().required(),
});

/** The query of `POST /v1/disputes/{disputeId}/evidence/upload`. */
export type UploadEvidenceQuery = { readonly comment: string; readonly fileName?: string };

export const uploadEvidenceQuery = Joi.object<UploadEvidenceQuery>({
  comment: text(MAX_COMMENT).required(),
  // Whatever it is, a name that is safe is made of it; an empty one is none.
  fileName: Joi.string().allow(""),
});
