import { createSemaphore } from "../../src/http/semaphore.ts";

const { signal } = new AbortController();

const isSettled = async (work: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => void (settled = true);
  work.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

describe("a semaphore", () => {
  it("grants no more than its permits, and serves waiters in order", async () => {
    const semaphore = createSemaphore(2);
    const [first] = [await semaphore.acquire(signal), await semaphore.acquire(signal)];
    const [third, fourth] = [semaphore.acquire(signal), semaphore.acquire(signal)];
    expect(await isSettled(third)).toBe(false);
    first.release();
    expect([await isSettled(third), await isSettled(fourth)]).toEqual([true, false]);
    (await third).release();
    expect(await isSettled(fourth)).toBe(true);
  });

  it("releases a permit once, however often it is released", async () => {
    const semaphore = createSemaphore(1);
    const held = await semaphore.acquire(signal);
    const [next, last] = [semaphore.acquire(signal), semaphore.acquire(signal)];
    held.release();
    held.release();
    expect([await isSettled(next), await isSettled(last)]).toEqual([true, false]);
  });

  it("forgets a waiter whose signal aborts", async () => {
    const semaphore = createSemaphore(1);
    const held = await semaphore.acquire(signal);
    const leaving = new AbortController();
    const left = semaphore.acquire(leaving.signal);
    const staying = semaphore.acquire(signal);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(semaphore.acquire(leaving.signal)).rejects.toThrow("gone");
    held.release();
    (await staying).release();
    await semaphore.acquire(signal);
  });

  it("skips waiters whose tenant is at its cap", async () => {
    const semaphore = createSemaphore(3, 2);
    const [first] = [await semaphore.acquire(signal, "a"), await semaphore.acquire(signal, "a")];
    const [capped, other] = [semaphore.acquire(signal, "a"), semaphore.acquire(signal, "b")];
    expect([await isSettled(capped), await isSettled(other)]).toEqual([false, true]);
    const third = semaphore.acquire(signal, "c");
    (await other).release();
    expect([await isSettled(capped), await isSettled(third)]).toEqual([false, true]);
    first.release();
    expect(await isSettled(capped)).toBe(true);
  });

  it("grants nothing to tryAcquire when it is exhausted or the tenant is at its cap", async () => {
    const semaphore = createSemaphore(2, 1);
    expect(semaphore.tryAcquire("a")).toBeDefined();
    expect(semaphore.tryAcquire("a")).toBeUndefined();
    const other = semaphore.tryAcquire("b");
    expect(semaphore.tryAcquire("c")).toBeUndefined();
    other?.release();
    expect(semaphore.tryAcquire("c")).toBeDefined();
  });
});
