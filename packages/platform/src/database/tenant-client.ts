import pg from "pg";

/** The value of `app.tenant` for which no policy shows a row, as in a new session. */
export const NO_TENANT = "";

/** A connection of a `TenantPool`. */
export class TenantClient extends pg.Client {
  /** The session's `app.tenant`. */
  tenant = NO_TENANT;
  /** Milliseconds after which a query without a result counts as lost, and its connection as dead; 0 means no limit. */
  resultTimeoutMs = 0;
  #isBusy = false;
  #timeout: NodeJS.Timeout | undefined;

  constructor(config?: pg.ClientConfig) {
    super(config);
    // `drain`: the server is ready and no query is queued.
    this.on("drain", () => {
      this.#isBusy = false;
      clearTimeout(this.#timeout);
    });
    this.on("end", () => clearTimeout(this.#timeout));
  }

  /** True if no query is running and no transaction is open, so that the next holder starts from scratch. */
  get isIdle(): boolean {
    return !this.#isBusy && this.getTransactionStatus() === "I";
  }

  // pg's `query_timeout` would leave the query running and the connection usable: the next holder's statements would then
  // queue behind it, possibly inside its transaction. Ending the connection rejects the query with "Connection terminated".
  // oxlint-disable-next-line typescript/no-explicit-any -- one signature for the nine overloads of the base class
  override query(...args: any): any {
    if (!this.#isBusy && this.resultTimeoutMs > 0)
      this.#timeout = setTimeout(() => void this.end(), this.resultTimeoutMs).unref();
    this.#isBusy = true;
    return super.query(...(args as Parameters<pg.Client["query"]>));
  }
}
