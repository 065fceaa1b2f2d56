import fc from "fast-check";
import { LAST_TURN, nextTurn } from "../../src/export/turns.ts";

type Job = { readonly tenant: number; readonly turn: number; readonly place: number };

/** The queue as a model: the lowest turn first, then first come, first served. One job runs at a time. */
function createModel() {
  let waiting: Job[] = [];
  let running: Job | undefined;
  let begun = 0;
  let arrivals = 0;
  return {
    waiting: () => waiting,
    add: (tenant: number): Job => {
      const own = [...waiting, ...(running ? [running] : [])].filter(
        (job) => job.tenant === tenant,
      );
      const ofTenant = Math.max(0, ...own.map(({ turn }) => turn));
      const job = { tenant, turn: nextTurn(begun, ofTenant), place: arrivals++ };
      waiting = [...waiting, job];
      return job;
    },
    /** Ends the running job and starts the next. */
    start: (): Job | undefined => {
      const [next] = waiting.toSorted((a, b) => a.turn - b.turn || a.place - b.place);
      running = next;
      if (next === undefined) return undefined;
      begun = Math.max(begun, next.turn);
      waiting = waiting.filter((job) => job !== next);
      return next;
    },
  };
}

const TENANTS = 5;

/** A number: a job of that tenant comes; "start": the next is started. */
const steps = fc.array(
  fc.oneof(fc.integer({ min: 0, max: TENANTS - 1 }), fc.constant("start" as const)),
  { maxLength: 200 },
);

describe("turns", () => {
  it("let another tenant's first job wait for one job at most, behind a hundred of one tenant", () => {
    for (let before = 0; before < 100; before++) {
      const model = createModel();
      for (let n = 0; n < 100; n++) model.add(0);
      for (let n = 0; n < before; n++) model.start();
      const first = model.add(1);
      const started = [model.start(), model.start()];
      expect(started).toContain(first);
    }
  });

  it("start a tenant's jobs in the order they came, whatever comes when", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const model = createModel();
        const last = new Map<number, number>();
        const check = (job: Job | undefined): void => {
          if (job === undefined) return;
          expect(job.place).toBeGreaterThan(last.get(job.tenant) ?? -1);
          last.set(job.tenant, job.place);
        };
        for (const step of script) {
          if (step === "start") check(model.start());
          else model.add(step);
        }
        while (model.waiting().length > 0) check(model.start());
      }),
    );
  });

  it("let no job starve: each waits for its tenant's jobs before it, and as many of each other tenant", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: TENANTS - 1 }), (script, tenant) => {
        const model = createModel();
        for (const step of script) {
          if (step === "start") model.start();
          else model.add(step);
        }
        const wanted = model.add(tenant);
        const ahead = model.waiting().filter((job) => job.tenant === tenant).length;
        // The others never stop: each has more to do, all the time.
        let waited = 0;
        for (;;) {
          for (let other = 0; other < TENANTS; other++) if (other !== tenant) model.add(other);
          if (model.start() === wanted) break;
          waited += 1;
          expect(waited).toBeLessThanOrEqual(ahead * TENANTS + TENANTS);
        }
      }),
    );
  });

  it("share among those who wait: in any stretch of a backlog nobody gets two more than another", () => {
    const model = createModel();
    for (let n = 0; n < 50; n++) model.add(0);
    for (let n = 0; n < 30; n++) model.add(1);
    for (let n = 0; n < 30; n++) model.add(2);
    const counts = [0, 0, 0];
    for (let n = 0; n < 90; n++) {
      const job = model.start()!;
      counts[job.tenant]! += 1;
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it("end where priorities end, and are first come, first served from there", () => {
    expect(nextTurn(LAST_TURN, 5)).toBe(LAST_TURN);
    expect(nextTurn(3, LAST_TURN)).toBe(LAST_TURN);
  });
});
