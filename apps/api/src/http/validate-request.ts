import { DocketError, validateAll } from "@docket/domain";
import Joi from "joi";
import { keyHeadersSchema, type KeyHeaders } from "./idempotency-key.ts";
import { createReadIds } from "./path-ids.ts";
import type { Route } from "./route.ts";

export type RequestParts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
  /** The idempotency headers; absent when the request has none. */
  readonly headers?: KeyHeaders;
};

/** Validates and converts the parts of a request. @throws DocketError `bad_request`, `invalid_field` with the faults of all parts. */
export type RequestCheck = (input: RequestParts) => RequestParts;

const NOTHING = Joi.object({}).label("body");

/** Makes the check of a route's path, query, body and idempotency headers. */
export function createRequestCheck(
  route: Pick<Route, "params" | "query"> & { readonly body?: Joi.Schema | "stream" },
): RequestCheck {
  const { params = NOTHING, query = NOTHING, body = NOTHING } = route;
  const repeatable = arrayNames(query);
  const readIds = createReadIds(params);
  return (input) => {
    refuseRepetition(input.query as Readonly<Record<string, unknown>>, repeatable);
    const ids = readIds?.(input.params);
    const parts = validateAll({
      // The schema reports malformed IDs together with the faults of the other parts.
      ...(ids === undefined && { params: { schema: params, input: input.params } }),
      query: { schema: query, input: input.query },
      body:
        body === "stream"
          ? { schema: Joi.any(), input: undefined }
          : { schema: body, input: input.body },
      ...(input.headers && { headers: { schema: keyHeadersSchema, input: input.headers } }),
    });
    return { params: ids, ...parts };
  };
}

/** Refuses `?limit=1&limit=2` instead of choosing one of the values. */
function refuseRepetition(
  query: Readonly<Record<string, unknown>>,
  repeatable: ReadonlySet<string>,
): void {
  const errors = Object.entries(query)
    .filter(([name, value]) => Array.isArray(value) && !repeatable.has(name))
    .map(([field]) => ({ field, detail: `${field} must be given once` }));
  if (errors.length === 0) return;
  throw new DocketError("bad_request", `${errors.map(({ detail }) => detail).join("; ")}.`, {
    errors,
  });
}

function arrayNames(schema: Joi.ObjectSchema): ReadonlySet<string> {
  const keys = (schema.describe()["keys"] ?? {}) as Readonly<Record<string, Joi.Description>>;
  return new Set(Object.keys(keys).filter((name) => keys[name]?.type === "array"));
}
