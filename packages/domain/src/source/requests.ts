import Joi from "joi";
import { MAX_NAME_LENGTH } from "../context/requests.ts";
import { oneOf, text } from "../schemas.ts";

/** What a source is. */
export const SOURCE_TYPES = ["LEDGER", "BANK", "GATEWAY", "CUSTOM"] as const;

export type SourceType = (typeof SOURCE_TYPES)[number];

/** On which side of the reconciliation a source stands. */
export const SOURCE_SIDES = ["LEFT", "RIGHT"] as const;

export type SourceSide = (typeof SOURCE_SIDES)[number];

/** The body of `POST /v1/contexts/{contextId}/sources`, normalised. */
export type CreateSourceRequest = {
  readonly name: string;
  readonly type: SourceType;
  readonly side: SourceSide;
};

/** Contract §5. */
export const createSourceRequest = Joi.object<CreateSourceRequest>({
  name: text(MAX_NAME_LENGTH).required(),
  type: oneOf(SOURCE_TYPES).required(),
  side: oneOf(SOURCE_SIDES).required(),
})
  .required()
  .label("body");
