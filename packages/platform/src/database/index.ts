export {
  createDatabase,
  statementsOf,
  type Database,
  type DatabaseConfig,
  type Statements,
  type Transaction,
} from "./client.ts";
export { countWithin, type BoundedCount } from "./bounded-count.ts";
export { copyOut, type CopyOut } from "./copy-out.ts";
export { createLogin } from "./create-login.ts";
export {
  isConnectionRefused,
  isDatabaseOverloaded,
  isDatabaseUnavailable,
  isRecoveryConflict,
  isUniqueViolation,
} from "./errors.ts";
export { checkRole, type RoleCheck } from "./role-check.ts";
export { unfinishedMigrations } from "./data-migration.ts";
export { plainTransaction } from "./plain-transaction.ts";
export { promptly } from "./promptly.ts";
export { Prisma } from "./generated/client.ts";
export { CONNECTIONS_PER_SNAPSHOT, openSnapshot, type Snapshot } from "./snapshot.ts";
export { currentTenant, withoutTenant, withTenant } from "./tenant.ts";
export type { ConnectionGate } from "./tenant-pool.ts";
export { escapeLiteral } from "pg";
