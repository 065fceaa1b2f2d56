import pg from "pg";

/**
 * A connection for the pool of a library. Its loss fails the query that it runs, and nothing else.
 *
 * A pool listens to the errors of its idle connections only. The error of a connection in use would have no listener, and would end
 * the process.
 */
export class QuietClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on("error", () => undefined);
  }
}
