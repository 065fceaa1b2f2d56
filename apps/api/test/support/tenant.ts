import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import request from "supertest";
import type { TenantBase } from "./builders/base.ts";
import { disputeBuilders } from "./builders/disputes.ts";
import { exceptionBuilders } from "./builders/exceptions.ts";
import { exportBuilders } from "./builders/exports.ts";
import { rowReaders } from "./builders/rows.ts";
import { send, type Answer, type Chunks, type Push } from "./records.ts";
import type { Stage } from "./stage.ts";
import { validToken } from "./tokens.ts";

/** A tenant with a context and the source Bank, and everything that tests do with them. */
export type Tenant = Awaited<ReturnType<typeof createTenant>>;

/** Adds a context to a tenant, by default a new one. */
export async function createTenant(stage: Stage, tenantId: string = randomUUID()) {
  const base = await createBase(stage, tenantId);
  const exceptions = exceptionBuilders(base);
  /** Ingests records into the context. Resolves with the response, also if it comes before the end of the body. */
  const push = (
    chunks: Chunks,
    { kind = "transactions", context = base.contextId, ...options }: Push = {},
  ): Promise<Answer> =>
    send(stage.port, `/v1/contexts/${context}/records/${kind}`, chunks, {
      token: validToken({ tenant_id: tenantId }),
      ...options,
    });
  return {
    ...base,
    ...exceptions,
    ...disputeBuilders(base, exceptions.anException),
    ...exportBuilders(base),
    ...rowReaders(base),
    push,
  };
}

async function createBase(stage: Stage, tenantId: string): Promise<TenantBase> {
  const { prisma } = stage.context.database;
  const inTenant: TenantBase["inTenant"] = (work) => withTenant(tenantId, work);
  const context = await inTenant(async () =>
    prisma.context.create({ data: { tenantId, name: randomUUID() } }),
  );
  const source = { contextId: context.id, name: "Bank", type: "BANK", side: "LEFT" };
  const { id: sourceId } = await inTenant(async () =>
    prisma.source.create({ data: { tenantId, ...source } }),
  );
  const sendAs: TenantBase["send"] = (method, path, body, sub = "alice") => {
    const bearer = `Bearer ${validToken({ tenant_id: tenantId, sub })}`;
    const agent = request(stage.app);
    return agent[method](path).set("Authorization", bearer).send(body);
  };
  const caller = stage.caller({ tenant_id: tenantId });
  return { stage, tenantId, contextId: context.id, sourceId, caller, send: sendAs, inTenant };
}
