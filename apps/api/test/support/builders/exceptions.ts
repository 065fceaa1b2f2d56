import { randomUUID } from "node:crypto";
import type { TenantBase } from "./base.ts";

/** Fields of an exception that a test may set. */
export type ExceptionChanges = {
  readonly severity?: string;
  readonly status?: string;
  readonly dueAt?: Date;
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
  readonly reason?: string;
  readonly resolvedAt?: Date;
  readonly assignedTo?: string;
  /** Fields of its transaction. */
  readonly transaction?: {
    readonly sourceId?: string;
    readonly externalId?: string;
    readonly amount?: string;
    readonly currency?: string;
  };
};

/** Builders that add exceptions without an ingest. */
export function exceptionBuilders({ stage, tenantId, contextId, sourceId, inTenant }: TenantBase) {
  const { prisma } = stage.context.database;
  const shared = { tenantId, contextId };

  /** Adds exceptions, each with a transaction of its own, and returns their IDs. */
  const addExceptions = (changes: readonly ExceptionChanges[]): Promise<string[]> =>
    inTenant(async () => {
      const transactions = await prisma.transaction.createManyAndReturn({
        data: changes.map(({ transaction }) => ({
          ...shared,
          sourceId,
          externalId: randomUUID(),
          amount: "12.30",
          currency: "EUR",
          date: new Date("2026-03-01T08:00:00.120Z"),
          description: "a line",
          ...transaction,
        })),
      });
      const exceptions = await prisma.exception.createManyAndReturn({
        data: changes.map(({ transaction: _transaction, ...change }, n) => ({
          ...shared,
          transactionId: transactions[n]!.id,
          severity: "HIGH",
          ...change,
        })),
      });
      return exceptions.map(({ id }) => id);
    });

  const anException = async (changes: ExceptionChanges = {}): Promise<string> => {
    const [id] = await addExceptions([changes]);
    return id!;
  };

  return { addExceptions, anException };
}
