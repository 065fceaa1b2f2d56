import type { TenantBase } from "./base.ts";

/** Reads the tenant's rows. */
export function rowReaders({ stage, inTenant }: TenantBase) {
  const { prisma } = stage.context.database;
  return {
    /** All audit events of the tenant, or only those of one subject. */
    audit: (subject?: string) =>
      inTenant(async () =>
        prisma.auditEvent.findMany({
          where: { ...(subject !== undefined && { subject }) },
          orderBy: { seq: "asc" },
        }),
      ),
    exportJobs: () => inTenant(async () => prisma.exportJob.findMany()),
    storedObjects: () => inTenant(async () => prisma.storedObject.findMany()),
    /** The evidence that is a file. */
    files: () =>
      inTenant(async () => prisma.evidence.findMany({ where: { objectKey: { not: null } } })),
    keys: () => inTenant(async () => prisma.idempotencyKey.findMany()),
    countTransactions: () => inTenant(async () => prisma.transaction.count()),
  };
}
