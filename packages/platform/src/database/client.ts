import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import type { Prisma } from "./generated/client.ts";
import { PrismaClient } from "./generated/client.ts";
import { createTenantPool } from "./tenant.ts";

/** Inside a transaction; services take it as a parameter, so that several of them can commit together. */
export type Transaction = Prisma.TransactionClient;

/** What can run one statement inside of an open transaction, be it Prisma's or a plain connection's; answers with the rows changed. */
export type Statements = {
  readonly $executeRawUnsafe: (sql: string, ...values: unknown[]) => PromiseLike<number>;
};

/** Runs statements on a connection of the driver. */
export const statementsOf = (connection: Pick<pg.Pool, "query">): Statements => ({
  $executeRawUnsafe: async (sql, ...values) => (await connection.query(sql, values)).rowCount ?? 0,
});

export type DatabaseConfig = {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** A statement that runs longer is ended by the server; 0: no limit. */
  readonly statementTimeoutMs: number;
};

export type Database = {
  /** Typed access to the rows of the scope's tenant (see `withTenant`). */
  readonly prisma: PrismaClient;
  /** The pool under it, for COPY and statements that Prisma cannot say. */
  readonly pool: pg.Pool;
  /** All that `work` does through its transaction commits together or not at all. */
  readonly transaction: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Resolves when the server answers. */
  readonly ping: () => Promise<void>;
  /**
   * Row-level security does not bind superusers, roles with BYPASSRLS, or the owner of the tables.
   * @throws Error when the login is one of them: such a process must not serve.
   */
  readonly refuseUnboundRole: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5_000;
const SILENCE_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;

/** Opens a pool of connections; connects at the first use. */
export function createDatabase(config: DatabaseConfig): Database {
  const pool = createTenantPool({
    connectionString: config.url,
    max: config.poolSize,
    application_name: config.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: config.statementTimeoutMs,
    // The server ends a statement that takes too long. When not even that is heard, the connection is dead and nobody has told us.
    ...(config.statementTimeoutMs > 0 && {
      query_timeout: config.statementTimeoutMs + SILENCE_MS,
    }),
    // The driver of Prisma drops offsets: every time must come and go as UTC.
    options: "-c timezone=UTC",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

  return {
    prisma,
    pool,
    transaction: (work) =>
      prisma.$transaction(work, { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS }),
    ping: async () => {
      await pool.query("SELECT 1");
    },
    refuseUnboundRole: async () => {
      const { rows } = await pool.query<{ unbound: boolean; member: boolean }>(UNBOUND_ROLE);
      const [role] = rows;
      if (role === undefined || role.unbound) {
        throw new Error(
          "DATABASE_URL must be a login that is no superuser, has no BYPASSRLS and does not own the tables",
        );
      }
      if (!role.member)
        throw new Error("DATABASE_URL must be a login that was granted the role docket_app");
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const UNBOUND_ROLE = `
  SELECT pg_has_role(current_user, 'docket_app', 'USAGE') AS member,
         (SELECT bool_or(r.rolsuper OR r.rolbypassrls) FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER'))
         OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
                    AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS unbound`;
