import { randomUUID } from "node:crypto";
import { currentTenant } from "@docket/platform/database";
import express from "express";
import request from "supertest";
import { createRequestContext } from "../../../src/http/request-context.ts";
import { writeRoute } from "../../../src/http/route.ts";
import { createRouter } from "../../../src/http/router.ts";
import { validToken } from "../../support/tokens.ts";
import { useStage } from "../../support/use-stage.ts";

const suite = useStage();

/** Every request adds a context, so that its effects can be counted. */
const route = writeRoute({
  method: "DELETE",
  path: "/things",
  operationId: "deleteThings",
  summary: "",
  permission: "context:write",
  responses: { 204: { description: "" } },
  handler: ({ database }, { persist }) =>
    database.transaction(async (tx) => {
      await tx.context.create({ data: { tenantId: currentTenant(), name: randomUUID() } });
      return persist(tx, { status: 204 });
    }),
});

function deleteThings(): request.Test {
  const { logger } = suite.stage.context;
  const app = express();
  app.use(createRequestContext(logger, () => undefined));
  app.use(createRouter(suite.stage.context, [route]));
  const token = validToken({ tenant_id: suite.tenant.tenantId });
  return request(app)
    .delete("/things")
    .set({ Authorization: `Bearer ${token}`, "Idempotency-Key": "k" });
}

const countContexts = () =>
  suite.tenant.inTenant(async () => suite.stage.context.database.prisma.context.count());

describe("a DELETE with an idempotency key", () => {
  it("is applied once, and replays its response without a body", async () => {
    const before = await countContexts();
    const first = await deleteThings().expect(204);
    const replay = await deleteThings().expect(204);
    expect([first.text, replay.text]).toEqual(["", ""]);
    expect(first.headers).not.toHaveProperty("idempotency-replayed");
    expect(replay.headers).toMatchObject({ "idempotency-replayed": "true" });
    expect(await countContexts()).toBe(before + 1);
  });
});
