import { Prisma } from "./generated/client.ts";

/** Prisma error codes: unreachable, timed out, connection closed, pool exhausted, transaction closed by the server. */
const PRISMA_UNAVAILABLE = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);
/**
 * SQLSTATE classes: connection exceptions, too many connections, operator intervention (shutdown, crash, startup), and a session
 * that was ended because its transaction was idle.
 */
const SQL_UNAVAILABLE = /^(08|53300|57P|25P03)/;
const SOCKET_UNAVAILABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
/** The first alternative is how Prisma reports a SQLSTATE that it has no code for (P2039, and P2010 of raw queries). */
const MESSAGES_UNAVAILABLE =
  /(?:Database error|Raw query failed)\. Code: `(?:08|53300|57P|25P03)|Connection terminated|Query read timeout|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|server (?:has )?closed the connection/i;

/**
 * True if the database is unavailable, so that the same work may succeed later; false if the statement itself is at fault. Only for
 * errors of database calls, because socket errors of other dependencies look the same.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let fault = error, depth = 0; isFault(fault) && depth < 5; fault = fault.cause, depth++) {
    if (fault instanceof Prisma.PrismaClientInitializationError) return true;
    const code = typeof fault.code === "string" ? fault.code : "";
    if (PRISMA_UNAVAILABLE.has(code) || SQL_UNAVAILABLE.test(code) || SOCKET_UNAVAILABLE.has(code))
      return true;
    if (MESSAGES_UNAVAILABLE.test(fault.message)) return true;
  }
  return false;
}

/** SQLSTATE: canceled by a timeout, disk full, out of memory, deadlock detected, lock not available. */
const SQL_OVERLOADED = /^(57014|53|40P01|55P03)/;
const MESSAGES_OVERLOADED = /(?:Database error|Raw query failed)\. Code: `(?:57014|53|40P01|55P03)/;
/** Prisma's code for a deadlock. */
const PRISMA_DEADLOCK = "P2034";

/**
 * True if the database gave up on a statement for want of time, memory, disk space or locks: the same statement may succeed later.
 * A statement that the caller has canceled looks the same.
 */
export function isDatabaseOverloaded(error: unknown): boolean {
  for (let fault = error, depth = 0; isFault(fault) && depth < 5; fault = fault.cause, depth++) {
    const code = typeof fault.code === "string" ? fault.code : "";
    if (code === PRISMA_DEADLOCK || SQL_OVERLOADED.test(code)) return true;
    if (MESSAGES_OVERLOADED.test(fault.message)) return true;
  }
  return false;
}

/** True if a replica canceled a read, because it kept the replica from replaying what the primary has done (SQLSTATE 40001). */
export const isRecoveryConflict = (error: unknown): boolean =>
  isFault(error) && error.code === "40001";

/** The message of the error for a tenant whose gate lets no further connection through (tenant-pool.ts). */
export const CONNECTION_REFUSED = "too many requests of the tenant wait for a database connection";

/** True if the gate of the pool refused a connection. Prisma keeps nothing of an error but its message. */
export const isConnectionRefused = (error: unknown): boolean =>
  isFault(error) && error.message.includes(CONNECTION_REFUSED);

type Fault = { readonly message: string; readonly code?: unknown; readonly cause?: unknown };

/** Checks the shape, because a driver's error may be an instance of another realm's Error class. */
const isFault = (value: unknown): value is Fault =>
  typeof value === "object" &&
  value !== null &&
  "message" in value &&
  typeof value.message === "string";

/** True if the row violates a unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
