import { createTestDatabase, waitFor, type TestDatabase } from "@docket/testing";
import pg from "pg";
import { pino } from "pino";
import { createWorkerMetrics } from "../../src/metrics.ts";
import { startTimer } from "../../src/upkeep/timer.ts";

let test: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  test = await createTestDatabase();
  pool = new pg.Pool({ connectionString: test.appUrl, max: 4 });
});
afterAll(async () => {
  await pool.end();
  await test.drop();
});

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
    const start = () =>
      startTimer({
        tasks: [task],
        lock: 1,
        pool,
        intervalMs: 5,
        logger: pino({ level: "silent" }),
        metrics: createWorkerMetrics(),
      });
    const timers = [start(), start(), start()];
    await waitFor(() => runs >= 10);
    await Promise.all(timers.map(({ close }) => close()));
    const runsAtClose = runs;
    await pool.query("SELECT pg_sleep(0.05)");
    expect({ overlaps, runs }).toEqual({ overlaps: 0, runs: runsAtClose });
  });
});
