import pg from "pg";
import { currentTenantOrNone } from "./tenant.ts";
import { NO_TENANT, TenantClient } from "./tenant-client.ts";

const ignore = (): void => undefined;

/**
 * A `pg.Pool` whose connections see only the rows of the tenant that asks for them: the one place that tells Postgres the tenant.
 *
 * The row-level security policies compare each row's tenant with the session setting `app.tenant`. The pool sets it when it
 * hands out a connection, to the tenant of the caller's asynchronous scope, and remembers it: a query costs an extra round trip
 * only when the connection last served another tenant. (`BEGIN`, `set_config`, `COMMIT` around each query would halve the
 * throughput.) Outside `withTenant` the setting is empty and no policy shows a row.
 */
export class TenantPool extends pg.Pool {
  /** @param resultTimeoutMs ends a connection whose query has no result after this time; 0 means no limit. */
  constructor(config: Omit<pg.PoolConfig, "Client">, resultTimeoutMs: number) {
    super({ ...config, Client: TenantClient });
    // An 'error' event without a listener would end the process. Nothing is lost by ignoring them: queries on a broken
    // connection reject, and the pool replaces it.
    this.on("error", ignore);
    this.on("connect", (client) => client.on("error", ignore));
    this.on("acquire", (client) => {
      (client as unknown as TenantClient).resultTimeoutMs = resultTimeoutMs;
    });
    // The pool discards a client that has been ended. Reused, it would run the next holder's statements in this holder's transaction.
    this.on("release", (_error, client) => {
      if (!(client as unknown as TenantClient).isIdle) void client.end();
    });
  }

  /** Callbacks are not supported. */
  override async connect(): Promise<pg.PoolClient> {
    // Reads the scope before waiting: a queued caller continues in the scope of the one that released the connection.
    const tenant = currentTenantOrNone() ?? NO_TENANT;
    const client = (await super.connect()) as pg.PoolClient & TenantClient;
    if (client.tenant === tenant) return client;
    try {
      // Set for the session and outside any transaction, so that a later ROLLBACK cannot revert it.
      await client.query("SELECT set_config('app.tenant', $1, false)", [tenant]);
    } catch (error) {
      // The session's tenant is unknown now, so this connection must not be reused.
      client.release(true);
      throw error;
    }
    client.tenant = tenant;
    return client;
  }

  /** Callbacks and cursors are not supported. */
  // oxlint-disable-next-line typescript/no-explicit-any -- one signature for the seven overloads of the base class
  override async query(query: any, values?: any): Promise<any> {
    const client = await this.connect();
    try {
      const result = await client.query(query as string, values as unknown[]);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/** Lets the queries of this holder run as long as they need. The next holder has the pool's limit again. */
export function disableResultTimeout(client: pg.PoolClient): void {
  (client as pg.PoolClient & TenantClient).resultTimeoutMs = 0;
}
