import { setTimeout as sleep } from "node:timers/promises";

import { supervise, type Running } from "../src/supervisor.ts";

const never = new AbortController().signal;

/** Something that can be made to end. */
function fake() {
  let end: (reason: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (end = resolve));
  const running: Running = {
    ended,
    stop: async () => end("stopped"),
  };
  return { running, end };
}

/** Starts fakes, and fails where `failures` says so. */
function script(failures: readonly number[] = []) {
  const started: ReturnType<typeof fake>[] = [];
  const log: string[] = [];
  let attempts = 0;
  const start = async (): Promise<Running> => {
    attempts += 1;
    if (failures.includes(attempts)) throw new Error(`attempt ${attempts} failed`);
    const one = fake();
    started.push(one);
    return one.running;
  };
  const options = {
    name: "It",
    start,
    log: (line: string) => log.push(line),
    firstPauseMs: 1,
    longestPauseMs: 4,
  };
  const until = async (count: number): Promise<void> => {
    while (started.length < count) await sleep(1);
  };
  return { options, started, log, until, attempts: () => attempts };
}

test("what ends is started again", async () => {
  const { options, started, log, until } = script();
  const supervised = await supervise(options, never);
  started[0]?.end("signal SIGKILL");
  await until(2);
  started[1]?.end("exit code 1");
  await until(3);
  await supervised.stop();
  expect(started).toHaveLength(3);
  expect(log[0]).toBe("It ended (signal SIGKILL); starting it again");
});

test("a start that fails later is tried again until it works", async () => {
  const { options, started, log, until } = script([2, 3, 4]);
  const supervised = await supervise(options, never);
  started[0]?.end("signal SIGKILL");
  await until(2);
  await supervised.stop();
  expect(log).toContain("It does not start: attempt 4 failed");
});

test("a first start that fails is the caller's to hear of", async () => {
  const { options } = script([1]);
  await expect(supervise(options, never)).rejects.toThrow("attempt 1 failed");
});

test("what was stopped stays stopped", async () => {
  const { options, started, log, attempts } = script();
  const supervised = await supervise(options, never);
  await supervised.stop();
  await supervised.stop();
  await sleep(20);
  expect(attempts()).toBe(1);
  expect(await started[0]?.running.ended).toBe("stopped");
  expect(log).toEqual([]);
});

test("a stop during a pause ends the pause", async () => {
  const { options, started, attempts } = script();
  const supervised = await supervise({ ...options, firstPauseMs: 60_000 }, never);
  started[0]?.end("exit code 1");
  await sleep(5);
  await supervised.stop();
  expect(attempts()).toBe(1);
});

test("a stop during a start waits for it and stops what came up", async () => {
  const { options, started, until } = script();
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  let count = 0;
  const slowSecond = async (): Promise<Running> => {
    count += 1;
    if (count === 2) await gate;
    return options.start();
  };
  const supervised = await supervise({ ...options, start: slowSecond }, never);
  started[0]?.end("exit code 1");
  while (count < 2) await sleep(1);
  const stopped = supervised.stop();
  release();
  await until(2);
  await stopped;
  expect(await started[1]?.running.ended).toBe("stopped");
});
