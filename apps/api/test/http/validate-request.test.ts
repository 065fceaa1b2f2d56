import { uuid } from "@docket/domain";
import Joi from "joi";
import { createRequestCheck } from "../../src/http/validate-request.ts";

const check = createRequestCheck({
  params: Joi.object({ id: Joi.string().guid().required() }),
  query: Joi.object({ status: Joi.array().items(Joi.string()).single(), limit: Joi.string() }),
  body: Joi.object({ name: Joi.string().required() }),
});
const GOOD = {
  params: { id: "0192f0c1-0000-7000-8000-000000000000" },
  query: {},
  body: { name: "x" },
};

const fault = (input: Partial<typeof GOOD> | object): unknown => {
  try {
    return check({ ...GOOD, ...input });
  } catch (error) {
    return error;
  }
};

describe("the check of a request", () => {
  it("returns the parts as their schemas converted them", () => {
    expect(check({ ...GOOD, query: { status: "A" } })).toEqual({
      ...GOOD,
      query: { status: ["A"] },
    });
  });

  it("allows a parameter to repeat only if it is an array", () => {
    expect(fault({ query: { status: ["A", "B"] } })).toMatchObject({
      query: { status: ["A", "B"] },
    });
    expect(fault({ query: { limit: ["1", "1"] } })).toMatchObject({
      code: "bad_request",
      errors: [{ field: "limit" }],
    });
  });

  it("reports the faults of all parts together, as 400 if they are of both kinds", () => {
    expect(fault({ params: { id: "x" } })).toMatchObject({ code: "invalid_field" });
    expect(fault({ params: { id: "x" }, body: {} })).toMatchObject({
      code: "bad_request",
      errors: [{ field: "id" }, { field: "name" }],
    });
  });

  it("converts IDs in the path to lower case, and reports malformed ones with all other faults", () => {
    const byId = createRequestCheck({
      params: Joi.object({ id: uuid().required(), other: uuid().required() }),
    });
    const id = "0192F0C1-0000-7000-8000-00000000000A";
    const lower = id.toLowerCase();
    expect(byId({ params: { id, other: lower }, query: {} })).toMatchObject({
      params: { id: lower, other: lower },
    });
    const refused = (): unknown => byId({ params: { id, other: "x" }, query: { a: "1" } });
    expect(refused).toThrow(/other must be a UUID; a is not allowed/);
  });

  it("refuses a query or a body that is not declared", () => {
    const bare = createRequestCheck({});
    expect(bare({ params: {}, query: {}, body: undefined })).toBeDefined();
    expect(bare({ params: {}, query: {}, body: {} })).toBeDefined();
    expect(() => bare({ params: {}, query: { a: "1" }, body: undefined })).toThrow(
      /a is not allowed/,
    );
    expect(() => bare({ params: {}, query: {}, body: { b: 1 } })).toThrow(/b is not allowed/);
  });
});
