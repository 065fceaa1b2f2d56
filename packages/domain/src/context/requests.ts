import Joi from "joi";
import { text } from "../schemas.ts";

/** The longest name of a context or a source, in characters. */
export const MAX_NAME_LENGTH = 100;

/** The validated body of `POST /v1/contexts` (docs/api.md §5). */
export type CreateContextRequest = { readonly name: string };

export const createContextRequest = Joi.object<CreateContextRequest>({
  name: text(MAX_NAME_LENGTH).required(),
})
  .required()
  .label("body");
