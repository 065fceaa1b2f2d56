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

/** A `pg.Pool` whose connections see the rows of the asking scope's tenant only. */
export function createTenantPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  const tenantOf = new WeakMap<pg.PoolClient, string>();
  const checkOut = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;

  const connect = async (tenant: string): Promise<pg.PoolClient> => {
    const client = await checkOut();
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
