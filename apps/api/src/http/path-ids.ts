import { isUuid } from "@docket/domain";
import type Joi from "joi";

/** Converts path parameters that are UUIDs; undefined if one of them is malformed. */
export type ReadIds = (params: unknown) => Readonly<Record<string, string>> | undefined;

/**
 * Reads path parameters as `schema` would, if all of them are UUIDs, as in most routes. Joi would take longer than the rest of the
 * request's validation. Undefined for another schema.
 */
export function createReadIds(schema: Joi.ObjectSchema): ReadIds | undefined {
  const keys = (schema.describe()["keys"] ?? {}) as Readonly<Record<string, Joi.Description>>;
  if (!Object.values(keys).every(isId)) return undefined;
  return (params) => {
    const ids: Record<string, string> = {};
    // The router matches every parameter of a path, and no others.
    for (const [name, given] of Object.entries(params as Readonly<Record<string, string>>)) {
      const id = given.toLowerCase();
      if (!isUuid(id)) return undefined;
      ids[name] = id;
    }
    return ids;
  };
}

const isId = ({ metas = [] }: { readonly metas?: readonly { readonly format?: string }[] }) =>
  metas.some(({ format }) => format === "uuid");
