import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import type { TestApi } from "./api.ts";

/** Fields of an exception that a test may set. */
export type ExceptionChanges = {
  readonly severity?: string;
  readonly status?: string;
  readonly dueAt?: Date;
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
  readonly reason?: string;
};

/** A context of a tenant, and functions that add exceptions to it without an ingest. */
export async function createExceptionBench(api: TestApi, tenantId: string = randomUUID()) {
  const { prisma } = api.context.database;
  const caller = api.caller({ tenant_id: tenantId });
  const contextId = await caller.aContext();
  const sourceId = await caller.aSource(contextId, "Bank");

  /** Adds exceptions, each with a transaction of its own, and returns their IDs. */
  const add = (changes: readonly ExceptionChanges[]): Promise<string[]> =>
    withTenant(tenantId, async () => {
      const facts = { tenantId, contextId };
      const transactions = await prisma.transaction.createManyAndReturn({
        data: changes.map(() => ({
          ...facts,
          sourceId,
          externalId: randomUUID(),
          amount: "12.30",
          currency: "EUR",
          date: new Date("2026-03-01T08:00:00.120Z"),
          description: "a line",
        })),
      });
      const exceptions = await prisma.exception.createManyAndReturn({
        data: changes.map((change, n) => ({
          ...facts,
          transactionId: transactions[n]!.id,
          severity: "HIGH",
          ...change,
        })),
      });
      return exceptions.map(({ id }) => id);
    });

  const dispute = async (exceptionId: string): Promise<{ id: string; state: string }> => {
    const { body } = await caller
      .post(`/v1/exceptions/${exceptionId}/disputes`, { category: "OTHER", description: "why" })
      .expect(201);
    return { id: body.id as string, state: body.state as string };
  };

  return { tenantId, caller, contextId, sourceId, add, dispute };
}
