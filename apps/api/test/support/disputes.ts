import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import request from "supertest";
import type { TestApi } from "./api.ts";
import { validToken } from "./tokens.ts";

/** A dispute in a response. */
export type DisputeBody = {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly evidence: readonly { readonly id: string; readonly fileUrl: string }[];
};

/** A tenant with one context, and functions that act as any person of the tenant. */
export type Bench = Awaited<ReturnType<typeof createBench>>;

/** Creates a new tenant by default. */
export async function createBench(api: TestApi, tenantId: string = randomUUID()) {
  const { prisma } = api.context.database;
  const inTenant = <T>(work: () => Promise<T>): Promise<T> => withTenant(tenantId, work);
  const { contextId, sourceId } = await inTenant(async () => {
    const { id } = await prisma.context.create({ data: { tenantId, name: randomUUID() } });
    const source = await prisma.source.create({
      data: { tenantId, contextId: id, name: "Bank", type: "BANK", side: "LEFT" },
    });
    return { contextId: id, sourceId: source.id };
  });

  const send = (
    method: "get" | "post" | "patch",
    path: string,
    body?: object,
    sub = "alice",
  ): request.Test => {
    const agent = request(api.app);
    const bearer = `Bearer ${validToken({ tenant_id: tenantId, sub })}`;
    return agent[method](path).set("Authorization", bearer).send(body);
  };

  const anException = (): Promise<string> =>
    inTenant(async () => {
      const transaction = await prisma.transaction.create({
        data: {
          tenantId,
          contextId,
          sourceId,
          externalId: randomUUID(),
          amount: "12.34",
          currency: "EUR",
          date: new Date("2026-03-01"),
        },
      });
      const { id } = await prisma.exception.create({
        data: { tenantId, contextId, transactionId: transaction.id, severity: "HIGH" },
      });
      return id;
    });

  const created = async (body: object = {}): Promise<DisputeBody> => {
    const path = `/v1/exceptions/${await anException()}/disputes`;
    const answer = await send("post", path, { category: "OTHER", description: "words", ...body });
    if (answer.status !== 201) throw new Error(`create answered ${answer.status}: ${answer.text}`);
    return answer.body as DisputeBody;
  };

  /** Creates a dispute and brings it into `state` through the API; returns its ID. */
  const aDispute = async (state = "OPEN"): Promise<string> => {
    const { id } = await created({ draft: state === "DRAFT" });
    const act = async (action: string, body: object): Promise<void> => {
      await send("post", `/v1/disputes/${id}/${action}`, body).expect(200);
    };
    if (state === "PENDING_EVIDENCE") await act("request-evidence", { note: "please" });
    if (state === "WON") await act("close", { won: true, resolution: "paid back" });
    if (state === "LOST") await act("close", { won: false, resolution: "it was right" });
    return id;
  };

  return {
    tenantId,
    contextId,
    inTenant,
    send,
    anException,
    created,
    aDispute,
    get: (id: string) => send("get", `/v1/disputes/${id}`).expect(200),
    history: async (id: string): Promise<readonly Record<string, unknown>[]> => {
      const answer = await send("get", `/v1/disputes/${id}/history`).expect(200);
      return answer.body.items as readonly Record<string, unknown>[];
    },
    audit: () => inTenant(async () => prisma.auditEvent.findMany({ orderBy: { seq: "asc" } })),
    storedObjects: () => inTenant(async () => prisma.storedObject.findMany()),
    files: () =>
      inTenant(async () => prisma.evidence.findMany({ where: { objectKey: { not: null } } })),
  };
}
