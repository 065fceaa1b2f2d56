import Joi from "joi";
import { MAX_NAME_LENGTH } from "../context/requests.ts";
import { oneOf, text } from "../schemas.ts";

export const SOURCE_TYPES = ["LEDGER", "BANK", "GATEWAY", "CUSTOM"] as const;

type SourceType = (typeof SOURCE_TYPES)[number];

/** The sides of a reconciliation. */
export const SOURCE_SIDES = ["LEFT", "RIGHT"] as const;

type SourceSide = (typeof SOURCE_SIDES)[number];

/** The validated body of `POST /v1/contexts/{contextId}/sources` (docs/api.md §5). */
export type CreateSourceRequest = {
  readonly name: string;
  readonly type: SourceType;
  readonly side: SourceSide;
};

export const createSourceRequest = Joi.object<CreateSourceRequest>({
  name: text(MAX_NAME_LENGTH).required(),
  type: oneOf(SOURCE_TYPES).required(),
  side: oneOf(SOURCE_SIDES).required(),
})
  .required()
  .label("body");
