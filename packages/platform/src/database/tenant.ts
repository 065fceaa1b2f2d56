import { AsyncLocalStorage } from "node:async_hooks";

const scope = new AsyncLocalStorage<string>();

/** Runs `work`, and everything it awaits, as `tenantId`. */
export function withTenant<T>(tenantId: string, work: () => Promise<T> | T): Promise<T> {
  // Awaits inside the scope, because a Prisma query only starts when it is awaited.
  return scope.run(tenantId, async () => await work());
}

/** Runs `work` outside every tenant: no policy shows it a row, and its connections pass no gate (tenant-pool.ts). */
export const withoutTenant = <T>(work: () => T): T => scope.exit(work);

/** The tenant of this asynchronous scope. @throws Error outside `withTenant`. */
export function currentTenant(): string {
  const tenant = scope.getStore();
  if (tenant === undefined) throw new Error("there is no tenant in this scope");
  return tenant;
}

/** The same, or undefined outside `withTenant`. */
export const currentTenantOrNone = (): string | undefined => scope.getStore();
