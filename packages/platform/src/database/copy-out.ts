import type pg from "pg";

/** A `COPY (…) TO STDOUT` in progress. */
export type CopyOut = {
  /**
   * Resolves with the row count of the command tag, which arrives only when the copy is complete.
   *
   * Rejects with the server's error, with that of a broken connection, or with what `onMessage` has thrown; the server
   * may then still be copying, and the connection must not be used again.
   */
  readonly rows: Promise<number>;
  /**
   * Stops reading from the server, which blocks when the socket is full. Messages already received still arrive. Has no effect once
   * the copy has ended, when the connection belongs to what is sent next.
   */
  readonly pause: () => void;
  readonly resume: () => void;
};

/**
 * Starts a copy and calls `onMessage` with the content of each CopyData message, synchronously and in order. The content
 * is valid during the call only.
 *
 * The server sends one row in each message, and in the binary format a header and a trailer besides (PostgreSQL
 * documentation, "COPY", Binary Format).
 */
export function copyOut(
  client: pg.ClientBase,
  sql: string,
  onMessage: (content: Buffer) => void,
): CopyOut {
  const query = new CopyOutQuery(sql, onMessage);
  client.query(query);
  return {
    rows: query.rows,
    pause: () => query.connection?.stream.pause(),
    resume: () => query.connection?.stream.resume(),
  };
}

/**
 * The interface between `pg` and a query of another kind, which pg-cursor and pg-copy-streams implement as well: `pg`
 * passes the messages of the server to the methods.
 */
class CopyOutQuery implements pg.Submittable {
  readonly rows: Promise<number>;
  connection: pg.Connection | undefined;
  readonly #sql: string;
  readonly #onMessage: (content: Buffer) => void;
  #resolve: (rows: number) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #hasFailed = false;
  #count: number | undefined;

  constructor(sql: string, onMessage: (content: Buffer) => void) {
    this.#sql = sql;
    this.#onMessage = onMessage;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    this.connection = connection;
    connection.query(this.#sql);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#hasFailed) return;
    try {
      this.#onMessage(chunk);
    } catch (error) {
      // Thrown on, it would end the process: this is called by the socket.
      this.handleError(error);
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const count = /^COPY (\d+)$/.exec(text)?.[1];
    if (count !== undefined) this.#count = Number(count);
  }

  handleReadyForQuery(): void {
    // The copy may have been paused by a message that arrived together with this one.
    this.connection?.stream.resume();
    this.connection = undefined;
    if (this.#count === undefined) this.#reject(new Error("COPY ended without its command tag"));
    else this.#resolve(this.#count);
  }

  handleError(error: unknown): void {
    this.#hasFailed = true;
    this.#reject(error);
  }
}
