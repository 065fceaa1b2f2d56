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
  it("returns the parts as their schemas made them", () => {
    expect(check({ ...GOOD, query: { status: "A" } })).toEqual({
      ...GOOD,
      query: { status: ["A"] },
    });
  });

  it("lets a parameter repeat where it is a list, and nowhere else", () => {
    expect(fault({ query: { status: ["A", "B"] } })).toMatchObject({
      query: { status: ["A", "B"] },
    });
    expect(fault({ query: { limit: ["1", "1"] } })).toMatchObject({
      code: "bad_request",
      errors: [{ field: "limit" }],
    });
  });

  it("tells the faults of all parts together, and 400 wins over 422", () => {
    expect(fault({ params: { id: "x" } })).toMatchObject({ code: "invalid_field" });
    expect(fault({ params: { id: "x" }, body: {} })).toMatchObject({
      code: "bad_request",
      errors: [{ field: "id" }, { field: "name" }],
    });
  });

  it("refuses a query and a body where none is declared", () => {
    const bare = createRequestCheck({});
    expect(bare({ params: {}, query: {}, body: undefined })).toBeDefined();
    expect(bare({ params: {}, query: {}, body: {} })).toBeDefined();
    expect(() => bare({ params: {}, query: { a: "1" }, body: undefined })).toThrow(
      /a is not allowed/,
    );
    expect(() => bare({ params: {}, query: {}, body: { b: 1 } })).toThrow(/b is not allowed/);
  });
});
