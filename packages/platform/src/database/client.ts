import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import type { Prisma } from "./generated/client.ts";
import { PrismaClient } from "./generated/client.ts";
import { promptly } from "./promptly.ts";
import { TenantPool, type ConnectionGate } from "./tenant-pool.ts";

/** An open transaction. Services take it as a parameter, so that several of them can commit together. */
export type Transaction = Prisma.TransactionClient;

/** Runs statements in an open transaction, Prisma's or the driver's. */
export type Statements = {
  /** Resolves with the number of rows that the statement changed. */
  readonly $executeRawUnsafe: (sql: string, ...values: unknown[]) => PromiseLike<number>;
  /** Resolves with the rows. */
  readonly $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) => PromiseLike<Rows>;
};

/** Runs statements on a connection of the driver. */
export const statementsOf = (connection: Pick<pg.Pool, "query">): Statements => ({
  $executeRawUnsafe: async (sql, ...values) => (await connection.query(sql, values)).rowCount ?? 0,
  $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) =>
    (await connection.query(sql, values)).rows as Rows,
});

export type DatabaseConfig = {
  readonly url: string;
  /** Maximum number of connections. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** The server cancels statements that run longer; 0 means no limit. */
  readonly statementTimeoutMs: number;
  /** A longer limit in `transaction`, where statements may wait for the locks of others. Default: the same limit. */
  readonly transactionStatementTimeoutMs?: number;
  /** The server cancels statements that wait longer for a lock. Default: no limit of its own. */
  readonly lockTimeoutMs?: number;
  /** The server ends a transaction whose client has been silent for so long. Default: {@link IDLE_TRANSACTION_MS}. */
  readonly idleTransactionMs?: number;
  /** Decides how many connections a tenant may have. Default: all. */
  readonly gate?: ConnectionGate;
};

export type Database = {
  /** Typed access to the rows of the current tenant: see `withTenant`. */
  readonly prisma: PrismaClient;
  /** The underlying pool, for COPY and for statements that Prisma cannot express. */
  readonly pool: pg.Pool;
  /** Commits if `work` resolves and rolls back if it rejects. */
  readonly transaction: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** Rejects if the server does not respond. */
  readonly ping: () => Promise<void>;
  /**
   * Rejects if row-level security does not apply to this login: superusers, roles with BYPASSRLS and table owners bypass it. A
   * process with such a login must not serve requests.
   */
  readonly requireRestrictedRole: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5_000;
/** A new connection costs some milliseconds on both sides. */
const IDLE_CONNECTION_MS = 60_000;
/** How much longer than `statement_timeout` to wait for a result before the connection counts as dead. */
const RESULT_GRACE_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;
/** Longer than any transaction of a process that runs. A frozen one, or one behind a broken network, gives its locks back. */
const IDLE_TRANSACTION_MS = 20_000;
/** For the gate and for the connection. Each has a limit of its own. */
const TRANSACTION_MAX_WAIT_MS = 30_000;

/** Creates a pool, which connects on first use. */
export function createDatabase(config: DatabaseConfig): Database {
  const { transactionStatementTimeoutMs: transactionTimeoutMs } = config;
  const setStatementTimeout = `SET LOCAL statement_timeout = ${transactionTimeoutMs}`;
  const pool = openPool(config);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

  return {
    prisma,
    pool,
    transaction: (work) =>
      prisma.$transaction(
        async (tx) => {
          if (transactionTimeoutMs !== undefined) await tx.$executeRawUnsafe(setStatementTimeout);
          return work(tx);
        },
        { maxWait: TRANSACTION_MAX_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
      ),
    ping: async () => {
      await pool.query(promptly("SELECT 1"));
    },
    requireRestrictedRole: async () => {
      const { rows } = await pool.query<{ unrestricted: boolean; member: boolean }>(ROLE);
      const [role] = rows;
      if (role === undefined || role.unrestricted) {
        throw new Error(
          "DATABASE_URL must be a login that is not a superuser, has no BYPASSRLS and does not own the tables",
        );
      }
      if (!role.member) throw new Error("DATABASE_URL must be a login with the role docket_app");
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function openPool(config: DatabaseConfig): pg.Pool {
  const { statementTimeoutMs, transactionStatementTimeoutMs = 0 } = config;
  const longestMs = Math.max(statementTimeoutMs, transactionStatementTimeoutMs);
  return new TenantPool(
    {
      connectionString: config.url,
      max: config.poolSize,
      application_name: config.applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      statement_timeout: statementTimeoutMs,
      lock_timeout: config.lockTimeoutMs ?? 0,
      idle_in_transaction_session_timeout: config.idleTransactionMs ?? IDLE_TRANSACTION_MS,
      // Prisma's adapter drops offsets, so all times must be exchanged as UTC.
      options: "-c timezone=UTC",
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
    statementTimeoutMs > 0 ? longestMs + RESULT_GRACE_MS : 0,
    config.gate,
  );
}

const ROLE = `
  SELECT pg_has_role(current_user, 'docket_app', 'USAGE') AS member,
         (SELECT bool_or(r.rolsuper OR r.rolbypassrls) FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER'))
         OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
                    AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS unrestricted`;
