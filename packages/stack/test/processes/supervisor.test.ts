import { waitFor } from "@docket/testing";

import { supervise, type Running } from "../../src/processes/supervisor.ts";

const never = new AbortController().signal;

type FakeProcess = { readonly running: Running; readonly end: (reason: string) => void };

function createFakeProcess(): FakeProcess {
  let end: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (end = resolve));
  return { running: { ended, stop: async () => end("stopped") }, end: (reason) => end(reason) };
}

/** Options whose `start` starts fake processes, and fails at the attempts in `failures`. */
function createFakes(failures: readonly number[] = []) {
  const started: FakeProcess[] = [];
  const log: string[] = [];
  let attempts = 0;
  const start = async (): Promise<Running> => {
    attempts += 1;
    if (failures.includes(attempts)) throw new Error(`attempt ${attempts} failed`);
    const fake = createFakeProcess();
    started.push(fake);
    return fake.running;
  };
  const options = {
    name: "The API",
    start,
    log: (line: string) => log.push(line),
    minDelayMs: 1,
    maxDelayMs: 4,
  };
  const untilStarted = (count: number): Promise<unknown> => waitFor(() => started.length >= count);
  return { options, started, log, untilStarted, attempts: () => attempts };
}

describe("supervise", () => {
  it("restarts a process whenever it ends", async () => {
    const { options, started, log, untilStarted } = createFakes();
    const supervised = await supervise(options, never);
    started[0]?.end("signal SIGKILL");
    await untilStarted(2);
    started[1]?.end("exit code 1");
    await untilStarted(3);
    await supervised.stop();
    expect(started).toHaveLength(3);
    expect(log[0]).toBe("The API ended (signal SIGKILL), restarting");
  });

  it("retries a restart until it succeeds", async () => {
    const { options, started, log, untilStarted } = createFakes([2, 3, 4]);
    const supervised = await supervise(options, never);
    started[0]?.end("signal SIGKILL");
    await untilStarted(2);
    await supervised.stop();
    expect(log).toContain("The API failed to restart: attempt 4 failed");
  });

  it("throws the error of the first start", async () => {
    const { options } = createFakes([1]);
    await expect(supervise(options, never)).rejects.toThrow("attempt 1 failed");
  });

  it("does not restart a process that it stopped", async () => {
    const { options, started, log, attempts } = createFakes();
    const supervised = await supervise(options, never);
    await supervised.stop();
    await supervised.stop();
    expect(attempts()).toBe(1);
    expect(await started[0]?.running.ended).toBe("stopped");
    expect(log).toEqual([]);
  });

  it("does not restart a process once the signal is aborted", async () => {
    const { options, started, log, attempts } = createFakes();
    const interrupted = new AbortController();
    const supervised = await supervise(options, interrupted.signal);
    interrupted.abort();
    started[0]?.end("exit code 0");
    await supervised.stop();
    expect(attempts()).toBe(1);
    expect(log).toEqual([]);
  });

  it("ends the delay before a restart when it is stopped", async () => {
    const { options, started, log, attempts } = createFakes();
    const supervised = await supervise({ ...options, minDelayMs: 60_000 }, never);
    started[0]?.end("exit code 1");
    await waitFor(() => log.length > 0);
    await supervised.stop();
    expect(attempts()).toBe(1);
  });

  it("waits for a restart in progress when it is stopped, and stops what has started", async () => {
    const { options, started, untilStarted } = createFakes();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let attempts = 0;
    const startSlowly = async (): Promise<Running> => {
      attempts += 1;
      if (attempts === 2) await gate;
      return options.start();
    };
    const supervised = await supervise({ ...options, start: startSlowly }, never);
    started[0]?.end("exit code 1");
    await waitFor(() => attempts === 2);
    const stopped = supervised.stop();
    release();
    await untilStarted(2);
    await stopped;
    expect(await started[1]?.running.ended).toBe("stopped");
  });
});
