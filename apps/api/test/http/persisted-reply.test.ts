import type { Statements } from "@docket/platform/database";
import { runWithoutKey, type PersistedReply } from "../../src/http/idempotency.ts";
import { writeRoute } from "../../src/http/route.ts";

const route = {
  method: "DELETE",
  path: "/things",
  operationId: "deleteThing",
  summary: "",
  permission: "context:write",
  responses: { 204: { description: "" } },
} as const;

const tx = {} as Statements;

// The compiler is the test: `npm run types` fails when one of these lines compiles.
describe("a write handler", () => {
  it("compiles when it persists its reply", async () => {
    const made = writeRoute({
      ...route,
      handler: (_, { persist }) => persist(tx, { status: 204 }),
    });
    expect(made.operationId).toBe(route.operationId);
    expect(await runWithoutKey((persist) => persist(tx, { status: 204 }))).toEqual({ status: 204 });
  });

  it("does not compile when it returns a reply that is not persisted", () => {
    // @ts-expect-error -- a Reply is not a PersistedReply
    writeRoute({ ...route, handler: async () => ({ status: 204 }) });
  });

  it("does not compile when it forgets to return the persisted reply", () => {
    writeRoute({
      ...route,
      // @ts-expect-error -- the handler returns nothing
      handler: async (_, { persist }) => {
        await persist(tx, { status: 204 });
      },
    });
  });

  it("does not compile when it makes up a persisted reply", () => {
    // @ts-expect-error -- only http/idempotency.ts has the symbol
    const forged: PersistedReply = { reply: { status: 204 } };
    expect(forged).toBeDefined();
  });

  it("does not compile without a transaction", () => {
    // @ts-expect-error -- persist() needs the transaction of the effect
    writeRoute({ ...route, handler: (_, { persist }) => persist({ status: 204 }) });
  });
});
