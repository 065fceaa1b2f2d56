import { DocketError, validateAll } from "@docket/domain";
import Joi from "joi";
import { keyHeaders, type KeyHeaders } from "./idempotency.ts";
import type { Route } from "./route.ts";

export type RequestParts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The headers that carry an idempotency key; absent where there is none to be had. */
  readonly headers?: KeyHeaders;
};

const NOTHING = Joi.object({}).label("body");

/**
 * Makes the check of a route's path, query and body: their faults are told together.
 *
 * @throws DocketError `bad_request`, `invalid_field`.
 */
export function createRequestCheck(
  route: Pick<Route, "params" | "query" | "body">,
): (input: RequestParts) => RequestParts {
  const { params = NOTHING, query = NOTHING, body = NOTHING } = route;
  const repeatable = namesOfArrays(query);
  return (input) => {
    refuseRepetition(input.query as Readonly<Record<string, unknown>>, repeatable);
    return validateAll({
      params: { schema: params, input: input.params },
      query: { schema: query, input: input.query },
      body:
        body === "stream"
          ? { schema: Joi.any(), input: undefined }
          : { schema: body, input: input.body },
      ...(input.headers && { headers: { schema: keyHeaders, input: input.headers } }),
    });
  };
}

/** `?limit=1&limit=2` asks for two things: which one is meant is not ours to guess. */
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

function namesOfArrays(schema: Joi.ObjectSchema): ReadonlySet<string> {
  const keys = (schema.describe()["keys"] ?? {}) as Readonly<Record<string, Joi.Description>>;
  return new Set(Object.keys(keys).filter((name) => keys[name]?.type === "array"));
}
