import Joi from "joi";
import { boundedString, text } from "../schemas.ts";
import { EVENT_FAMILIES, EVENT_TYPES, PROGRESS_TYPE, typesOf } from "./types.ts";

/** A filter by types of events that may repeat. The result has each selected type once. */
const typeFilter = (types: readonly string[]): Joi.ArraySchema =>
  Joi.array()
    .items(
      boundedString("any.only", (given, helpers) =>
        typesOf(given, types).length > 0 ? given : helpers.error("any.only"),
      )
        .meta({ enum: [...EVENT_FAMILIES, ...types] })
        .messages({
          "any.only": "{#label} must be a type of event, or a family such as dispute.*",
        }),
    )
    .single()
    .custom((given: readonly string[]) => [
      ...new Set(given.flatMap((filter) => typesOf(filter, types))),
    ]);

/** The types of events that a filter or a webhook endpoint may name. */
export const eventTypeFilter = (): Joi.ArraySchema => typeFilter(EVENT_TYPES);

/** The same for the stream, which also has the progress of exports. */
export const streamTypeFilter = (): Joi.ArraySchema => typeFilter([...EVENT_TYPES, PROGRESS_TYPE]);

/** The longest path of a resource, and room to spare. */
const MAX_SUBJECT_LENGTH = 500;

export const eventSubject = (): Joi.StringSchema => text(MAX_SUBJECT_LENGTH);
