import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";

/**
 * The one place that tells Postgres whose rows a connection may see.
 *
 * Row-level security compares every row's tenant with the setting `app.tenant` of the session. The pool below sets it when it
 * hands a connection out, from the tenant of the asynchronous scope that asks, and remembers what each connection is set to:
 * a `BEGIN … set_config … COMMIT` around every read would halve the throughput; this costs a round trip only when the
 * tenant changes. With no tenant the setting is empty and no policy shows a row.
 */
const scope = new AsyncLocalStorage<string>();

const NO_TENANT = "";

/** Runs `work`, and all that it awaits, as `tenantId`. */
export function withTenant<T>(tenantId: string, work: () => Promise<T> | T): Promise<T> {
  // Awaited inside: a Prisma query begins when it is awaited, and would else begin outside of the scope.
  return scope.run(tenantId, async () => await work());
}

/** The tenant of this asynchronous scope. @throws Error outside of any. */
export function currentTenant(): string {
  const tenant = scope.getStore();
  if (tenant === undefined) throw new Error("there is no tenant in this scope");
  return tenant;
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: Error | boolean) => void,
) => void;

/** What `pg` keeps of a connection and does not show. */
type Internals = {
  readonly readyForQuery: boolean;
  readonly getTransactionStatus: () => string | null;
  readonly connectionParameters: { query_timeout: number | undefined };
};
const internals = (client: pg.PoolClient): Internals => client as unknown as Internals;

/** Lets this holder's queries last as long as they will; the next holder has the pool's limit again. */
export function liftQueryTimeout(client: pg.PoolClient): void {
  internals(client).connectionParameters.query_timeout = undefined;
}

/** A `pg.Pool` whose connections see the rows of the asking scope's tenant only. */
export function createTenantPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  // A connection that breaks is replaced at its next use, and whoever waits for a query of it is told by that. Its own error,
  // unheard, would end the process: an idle one's comes from the pool, that of one in use from the connection.
  const unheard = (): void => undefined;
  pool.on("error", unheard);
  pool.on("connect", (client) => client.on("error", unheard));
  const tenantOf = new WeakMap<pg.PoolClient, string>();
  const checkOut = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;

  /** Out of the pool, with its limit on queries, and back only when there is nothing under way on it. */
  const take = async (): Promise<pg.PoolClient> => {
    const client = await checkOut();
    const inside = internals(client);
    inside.connectionParameters.query_timeout = config.query_timeout;
    const release = client.release.bind(client);
    client.release = (fault) => {
      // A query that was given up may still run, in a transaction that is still open: what the next holder did would be part of it.
      const idle = inside.readyForQuery && inside.getTransactionStatus() === "I";
      release(fault || !idle);
    };
    return client;
  };

  const connect = async (tenant: string): Promise<pg.PoolClient> => {
    const client = await take();
    // A fresh connection has never had the setting, which the policies read as no tenant.
    if ((tenantOf.get(client) ?? NO_TENANT) === tenant) return client;
    try {
      // Outside of any transaction, so that no later ROLLBACK can take it back.
      await client.query("SELECT set_config('app.tenant', $1, false)", [tenant]);
    } catch (error) {
      // What the connection is set to is unknown now: never hand it out again.
      client.release(true);
      throw error;
    }
    tenantOf.set(client, tenant);
    return client;
  };

  // pool.query() comes through here too, with a callback.
  const scoped = (callback?: ConnectCallback): Promise<pg.PoolClient> | undefined => {
    // Read here and not after the wait: a caller that queues for a connection is woken in the scope of the one who gave it back.
    const asked = connect(scope.getStore() ?? NO_TENANT);
    if (callback === undefined) return asked;
    asked.then(
      (client) => callback(undefined, client, client.release.bind(client)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  };
  pool.connect = scoped as typeof pool.connect;
  return pool;
}
