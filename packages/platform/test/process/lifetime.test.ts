import { EventEmitter } from "node:events";
import { pino } from "pino";
import { createLifetime, runUntilSignal } from "../../src/index.ts";

const logger = pino({ level: "silent" });

describe("a lifetime", () => {
  it("closes in reverse order, and only once", async () => {
    const closed: string[] = [];
    const lifetime = createLifetime(logger);
    for (const name of ["database", "queue"]) lifetime.onClose(name, () => void closed.push(name));
    expect(await Promise.all([lifetime.close(), lifetime.close()])).toEqual([true, true]);
    expect(closed).toEqual(["queue", "database"]);
  });

  it("closes the rest if one close fails, and resolves to false", async () => {
    const closeDatabase = jest.fn();
    const lifetime = createLifetime(logger);
    lifetime.onClose("database", closeDatabase);
    lifetime.onClose("queue", () => Promise.reject(new Error("failed")));
    expect(await lifetime.close()).toBe(false);
    expect(closeDatabase).toHaveBeenCalled();
  });

  it("also closes what was still starting when it was closed", async () => {
    const closeServer = jest.fn();
    const closeQueue = jest.fn();
    const lifetime = createLifetime(logger);
    lifetime.onClose("database", () => lifetime.onClose("queue", closeQueue));
    await lifetime.close();
    lifetime.onClose("server", closeServer);
    await new Promise(setImmediate);
    expect([closeQueue, closeServer].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});

describe("a process that runs until a signal", () => {
  const fakeProcess = () => Object.assign(new EventEmitter(), { exit: jest.fn<never, [number]>() });

  it("closes what it started and exits with 0", async () => {
    const process = fakeProcess();
    const close = jest.fn();
    await runUntilSignal(process, logger, async (lifetime) => lifetime.onClose("server", close));
    expect(close).not.toHaveBeenCalled();
    process.emit("SIGTERM");
    await new Promise(setImmediate);
    expect(close).toHaveBeenCalled();
    expect(process.exit).toHaveBeenCalledWith(0);
  });

  it("closes what it had started and exits with 1 if the start fails", async () => {
    const process = fakeProcess();
    const close = jest.fn();
    await runUntilSignal(process, logger, async (lifetime) => {
      lifetime.onClose("server", close);
      throw new Error("port in use");
    });
    expect(close).toHaveBeenCalled();
    expect(process.exit).toHaveBeenCalledWith(1);
  });
});
