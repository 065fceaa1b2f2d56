import { createDatabase, type Database } from "@docket/platform/database";
import { createTestDatabase, waitFor, type TestDatabase } from "@docket/testing";
import pg from "pg";
import { pino } from "pino";
import { createWorkerMetrics } from "../../src/metrics.ts";
import { startTimer } from "../../src/upkeep/timer.ts";

let test: TestDatabase;
let database: Database;
let pool: Database["pool"];
beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    url: test.appUrl,
    poolSize: 4,
    applicationName: "timer-test",
    statementTimeoutMs: 30_000,
  });
  pool = database.pool;
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const defaults = () => ({
  lock: 1,
  pool,
  intervalMs: 5,
  logger: pino({ level: "silent" }),
  metrics: createWorkerMetrics(),
});

/** The sessions that hold an advisory lock. `pg_locks` lists the locks of all databases of the server. */
const HOLDERS = `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
  WHERE locktype = 'advisory' AND granted AND datname = current_database()`;

describe("the upkeep timer", () => {
  it("runs its tasks in one worker at a time, continues after a failure, and stops", async () => {
    let running = 0;
    let overlaps = 0;
    let runs = 0;
    const task = {
      name: "busy",
      run: async () => {
        overlaps += running++;
        await pool.query("SELECT pg_sleep(0.02)");
        running -= 1;
        runs += 1;
        if (runs === 2) throw new Error("the second run fails");
        return undefined;
      },
    };
    const start = () => startTimer({ ...defaults(), tasks: [task] });
    const timers = [start(), start(), start()];
    await waitFor(() => runs >= 10);
    await Promise.all(timers.map(({ close }) => close()));
    const runsAtClose = runs;
    await pool.query("SELECT pg_sleep(0.05)");
    expect({ overlaps, runs }).toEqual({ overlaps: 0, runs: runsAtClose });
  });

  it("keeps its lock while a task lasts longer than the lock's idle limit", async () => {
    let hasFinished = false;
    const run = async (signal: AbortSignal) => {
      await pool.query("SELECT pg_sleep(2)");
      hasFinished = !signal.aborted && (await pool.query(HOLDERS)).rowCount === 1;
      return undefined;
    };
    const lockIdle = { limitMs: 500, renewMs: 50 };
    const timer = startTimer({ ...defaults(), tasks: [{ name: "long", run }], lockIdle });
    await waitFor(() => hasFinished);
    await timer.close();
  });

  it("stops its tasks when the lock is lost", async () => {
    const started: string[] = [];
    const aborted: string[] = [];
    const waiting = (name: string) => ({
      name,
      run: async (signal: AbortSignal) => {
        started.push(name);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        aborted.push(name);
        return undefined;
      },
    });
    const timer = startTimer({
      ...defaults(),
      tasks: [waiting("first"), waiting("second")],
      intervalMs: 60_000,
    });
    await waitFor(() => started.length > 0);
    const superuser = new pg.Client({ connectionString: test.superuserUrl });
    await superuser.connect();
    await superuser.query(`SELECT pg_terminate_backend(pid) FROM (${HOLDERS}) holders`);
    await superuser.end();
    await waitFor(() => aborted.length > 0);
    await timer.close();
    expect(aborted).toEqual(["first"]);
  });
});
