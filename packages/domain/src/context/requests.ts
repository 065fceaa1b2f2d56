import Joi from "joi";
import { text } from "../schemas.ts";

/** The longest name of a context or a source (contract §5). */
export const MAX_NAME_LENGTH = 100;

/** The body of `POST /v1/contexts`, normalised. */
export type CreateContextRequest = { readonly name: string };

/** Contract §5. */
export const createContextRequest = Joi.object<CreateContextRequest>({
  name: text(MAX_NAME_LENGTH).required(),
})
  .required()
  .label("body");
