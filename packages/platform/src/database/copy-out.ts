import type pg from "pg";
import { createMessageSplitter, type OnCopyData } from "./copy-messages.ts";

/** A `COPY (…) TO STDOUT` in progress. */
export type CopyOut = {
  /**
   * Resolves with the row count of the command tag, which arrives only when the copy is complete.
   *
   * Rejects with the server's error, with that of a broken connection, or with what `onCopyData` has thrown; the server
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
 * Starts a copy and calls `onCopyData` with the content of each CopyData message, synchronously and in order. The content
 * is valid during the call only.
 *
 * The server sends one row in each message, and in the binary format a header and a trailer besides (PostgreSQL
 * documentation, "COPY", Binary Format).
 */
export function copyOut(client: pg.ClientBase, sql: string, onCopyData: OnCopyData): CopyOut {
  const query = new CopyOutQuery(sql, onCopyData);
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
 *
 * Until the server is ready for the next query, the data of the socket comes here first. The driver would make several objects of
 * each row, which costs as much as rendering it. Its parser holds no part of a message then, because the server is silent
 * between ReadyForQuery and the next query, except for rare notices; one that arrives in two parts is not expected.
 */
class CopyOutQuery implements pg.Submittable {
  readonly rows: Promise<number>;
  connection: pg.Connection | undefined;
  readonly #sql: string;
  readonly #onCopyData: OnCopyData;
  #resolve: (rows: number) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #hasFailed = false;
  #count: number | undefined;

  constructor(sql: string, onCopyData: OnCopyData) {
    this.#sql = sql;
    this.#onCopyData = onCopyData;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    this.connection = connection;
    this.#readFrom(connection);
    connection.query(this.#sql);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const count = /^COPY (\d+)$/.exec(text)?.[1];
    if (count !== undefined) this.#count = Number(count);
  }

  handleReadyForQuery(): void {
    if (this.#count === undefined) this.#reject(new Error("COPY ended without its command tag"));
    else this.#resolve(this.#count);
  }

  handleError(error: unknown): void {
    this.#hasFailed = true;
    // A paused connection would never notice its end.
    this.connection?.stream.resume();
    this.#reject(error);
  }

  #readFrom({ stream }: pg.Connection): void {
    const driver = stream.listeners("data") as ((data: Buffer) => void)[];
    const toDriver = (data: Buffer): void => {
      for (const listener of driver) listener.call(stream, data);
    };
    const splitter = createMessageSplitter({
      onCopyData: this.#copyData,
      onOther: toDriver,
      onReady: (message) => {
        stream.off("data", splitter.push);
        for (const listener of driver) stream.on("data", listener);
        // The copy may have been paused by a message that arrived together with this one.
        stream.resume();
        this.connection = undefined;
        // The driver may start the next query, which may be a copy as well.
        toDriver(message);
      },
      onRest: (data) => void stream.emit("data", data),
    });
    for (const listener of driver) stream.off("data", listener);
    stream.on("data", splitter.push);
  }

  readonly #copyData: OnCopyData = (content, at, length) => {
    if (this.#hasFailed) return;
    try {
      this.#onCopyData(content, at, length);
    } catch (error) {
      // Thrown on, it would end the process: this is called by the socket.
      this.handleError(error);
    }
  };
}
