import pg from "pg";
import { CONNECTION_REFUSED } from "./errors.ts";
import { currentTenantOrNone } from "./tenant.ts";
import { NO_TENANT, TenantClient } from "./tenant-client.ts";

const ignore = (): void => undefined;

/**
 * Waits until a tenant may have another connection, and resolves with what gives it back. It should let all tenants together have
 * fewer connections than the pool, so that the pool itself, which serves in order and has no caps, never makes anyone wait.
 */
export type ConnectionGate = (tenantId: string) => Promise<() => void>;

/**
 * A `pg.Pool` whose connections see only the rows of the tenant that asks for them: the one place that tells Postgres the tenant.
 *
 * The row-level security policies compare each row's tenant with the session setting `app.tenant`. The pool sets it when it
 * hands out a connection, to the tenant of the caller's asynchronous scope, and remembers it: a query costs an extra round trip
 * only when the connection last served another tenant. (`BEGIN`, `set_config`, `COMMIT` around each query would halve the
 * throughput.) Outside `withTenant` the setting is empty and no policy shows a row.
 */
export class TenantPool extends pg.Pool {
  readonly #gate: ConnectionGate | undefined;
  /** What gives back the permits of the connections that are in use. */
  readonly #leave = new WeakMap<pg.PoolClient, () => void>();

  /**
   * @param resultTimeoutMs ends a connection whose query has no result after this time; 0 means no limit.
   * @param gate is passed by the connections of tenants.
   */
  constructor(
    config: Omit<pg.PoolConfig, "Client">,
    resultTimeoutMs: number,
    gate?: ConnectionGate,
  ) {
    super({ ...config, Client: TenantClient });
    this.#gate = gate;
    // An 'error' event without a listener would end the process. Nothing is lost by ignoring them: queries on a broken
    // connection reject, and the pool replaces it.
    this.on("error", ignore);
    this.on("connect", (client) => client.on("error", ignore));
    this.on("acquire", (client) => {
      (client as unknown as TenantClient).resultTimeoutMs = resultTimeoutMs;
    });
    // The pool discards a client that has been ended. Reused, it would run the next holder's statements in this holder's transaction.
    this.on("release", (_error, client) => {
      this.#leave.get(client)?.();
      this.#leave.delete(client);
      if (!(client as unknown as TenantClient).isIdle) void client.end();
    });
  }

  /** Callbacks are not supported. */
  override async connect(): Promise<pg.PoolClient> {
    // Reads the scope before waiting: a queued caller continues in the scope of the one that released the connection.
    const tenant = currentTenantOrNone() ?? NO_TENANT;
    const client = await this.#connectThroughGate(tenant);
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

  async #connectThroughGate(tenant: string): Promise<pg.PoolClient & TenantClient> {
    const leave = tenant === NO_TENANT ? undefined : await this.#enter(tenant);
    try {
      const client = (await super.connect()) as pg.PoolClient & TenantClient;
      if (leave !== undefined) this.#leave.set(client, leave);
      return client;
    } catch (error) {
      leave?.();
      throw error;
    }
  }

  async #enter(tenant: string): Promise<(() => void) | undefined> {
    try {
      return await this.#gate?.(tenant);
    } catch (error) {
      throw new Error(CONNECTION_REFUSED, { cause: error });
    }
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
