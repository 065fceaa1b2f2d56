import { createTestDatabase, waitFor, type TestDatabase } from "@docket/testing";
import pg from "pg";
import { copyOut, type CopyOut } from "../../src/database/copy-out.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

beforeEach(async () => {
  client = new pg.Client({ connectionString: database.appUrl });
  // The connection of one test is terminated.
  client.on("error", () => undefined);
  await client.connect();
});
afterEach(() => client.end());

const ROWS = 50_000;

/** Starts a COPY of `sql`, whose rows are texts. */
function copy(sql: string): CopyOut & { readonly received: string[] } {
  const received: string[] = [];
  const running = copyOut(client, `COPY (${sql}) TO STDOUT`, (content, at, length) => {
    const { buffer, byteOffset } = content;
    received.push(Buffer.from(buffer, byteOffset + at, length).toString());
  });
  return { ...running, received };
}

const numbers = (from: number, until: number): string =>
  `SELECT n || repeat('x', 100) FROM generate_series(${from}, ${until}) AS n`;

const expected = (from: number, until: number): string[] =>
  Array.from({ length: until - from + 1 }, (_, n) => `${from + n}${"x".repeat(100)}\n`);

/** True if the connection answers the next query, and only the driver reads from it. */
async function isUsable(): Promise<boolean> {
  const { rows } = await client.query<{ answer: number }>("SELECT 42 AS answer");
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  return rows[0]?.answer === 42 && stream.listenerCount("data") === 1;
}

describe("a COPY", () => {
  it("gives out each row, and then gives the connection to the next COPY and to queries", async () => {
    const [first, second] = [copy(numbers(1, ROWS)), copy(numbers(7, 9))];
    expect(await first.rows).toBe(ROWS);
    expect(first.received).toEqual(expected(1, ROWS));
    expect(await second.rows).toBe(3);
    expect(second.received).toEqual(expected(7, 9));
    expect(await isUsable()).toBe(true);
  });

  it("rejects with an error of the server in the middle, and leaves the connection usable", async () => {
    const failing = copy(`SELECT (1 / (n - ${ROWS}))::text FROM generate_series(1, ${ROWS}) AS n`);
    await expect(failing.rows).rejects.toThrow("division by zero");
    expect(await isUsable()).toBe(true);
  });

  it("rejects with an error of the server before the first row", async () => {
    await expect(copy("SELECT nothing").rows).rejects.toThrow("does not exist");
    expect(await isUsable()).toBe(true);
  });

  it("rejects with what the receiver of a row throws, and gives out no further rows", async () => {
    let calls = 0;
    const { rows } = copyOut(client, `COPY (${numbers(1, ROWS)}) TO STDOUT`, () => {
      calls += 1;
      if (calls === 3) throw new Error("no");
    });
    await expect(rows).rejects.toThrow("no");
    expect(await isUsable()).toBe(true);
    expect(calls).toBe(3);
  });

  it("stops while it is paused, and goes on where it has stopped", async () => {
    const many = 400_000;
    let rowCount = 0;
    const running = copyOut(client, `COPY (${numbers(1, many)}) TO STDOUT`, () => {
      rowCount += 1;
      if (rowCount === 1_000) running.pause();
    });
    const other = new pg.Client({ connectionString: database.superuserUrl });
    await other.connect();
    // The server has filled all buffers in between.
    await waitFor(async () => {
      const { rows } = await other.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'ClientWrite'",
      );
      return rows.length === 1;
    });
    await other.end();
    expect(rowCount).toBeLessThan(many);
    running.resume();
    expect(await running.rows).toBe(many);
    expect(rowCount).toBe(many);
    expect(await isUsable()).toBe(true);
  });

  it("rejects when the connection is lost", async () => {
    const running = copy(`${numbers(1, ROWS)}, pg_sleep(60)`);
    const { rows } = running;
    rows.catch(() => undefined);
    const { stream } = (client as unknown as { connection: pg.Connection }).connection;
    stream.destroy();
    await expect(rows).rejects.toThrow("Connection terminated");
  });
});
