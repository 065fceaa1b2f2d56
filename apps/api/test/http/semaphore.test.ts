import { createSemaphore, type SemaphoreLimits } from "../../src/http/semaphore.ts";

const semaphoreOf = (limits: Partial<SemaphoreLimits>) =>
  createSemaphore({
    permits: 1,
    maxWaiting: 10,
    maxWaitingPerKey: 10,
    maxWaitMs: 60_000,
    refusal: () => new Error("busy"),
    ...limits,
  });

const isSettled = async (work: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => void (settled = true);
  work.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

describe("a semaphore", () => {
  it("grants no more than its permits, and serves waiters in order", async () => {
    const semaphore = semaphoreOf({ permits: 2 });
    const [first] = [await semaphore.acquire("a"), await semaphore.acquire("a")];
    const [third, fourth] = [semaphore.acquire("a"), semaphore.acquire("a")];
    expect(await isSettled(third)).toBe(false);
    first.release();
    expect([await isSettled(third), await isSettled(fourth)]).toEqual([true, false]);
    (await third).release();
    expect(await isSettled(fourth)).toBe(true);
  });

  it("releases a permit once, however often it is released", async () => {
    const semaphore = semaphoreOf({});
    const held = await semaphore.acquire("a");
    const [next, last] = [semaphore.acquire("a"), semaphore.acquire("a")];
    held.release();
    held.release();
    expect([await isSettled(next), await isSettled(last)]).toEqual([true, false]);
  });

  it("forgets a waiter whose signal aborts", async () => {
    const semaphore = semaphoreOf({});
    const held = await semaphore.acquire("a");
    const leaving = new AbortController();
    const { signal } = leaving;
    const left = semaphore.acquire("a", { signal });
    const staying = semaphore.acquire("a");
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(semaphore.acquire("a", { signal })).rejects.toThrow("gone");
    held.release();
    (await staying).release();
    await semaphore.acquire("a");
  });

  it("skips waiters whose key is at its cap", async () => {
    const semaphore = semaphoreOf({ permits: 3, perKey: 2 });
    const [first] = [await semaphore.acquire("a"), await semaphore.acquire("a")];
    const [capped, other] = [semaphore.acquire("a"), semaphore.acquire("b")];
    expect([await isSettled(capped), await isSettled(other)]).toEqual([false, true]);
    const third = semaphore.acquire("c");
    (await other).release();
    expect([await isSettled(capped), await isSettled(third)]).toEqual([false, true]);
    first.release();
    expect(await isSettled(capped)).toBe(true);
  });

  it("prefers the waiter whose key holds the fewest permits", async () => {
    const semaphore = semaphoreOf({ permits: 2 });
    const [first] = [await semaphore.acquire("a"), await semaphore.acquire("a")];
    const [greedy, modest] = [semaphore.acquire("a"), semaphore.acquire("b")];
    first.release();
    expect([await isSettled(greedy), await isSettled(modest)]).toEqual([false, true]);
  });

  it("reserves permits for small work", async () => {
    const semaphore = semaphoreOf({ permits: 2, large: 1 });
    const large = await semaphore.acquire("a", { size: "large" });
    const [second, small] = [semaphore.acquire("b", { size: "large" }), semaphore.acquire("c")];
    expect([await isSettled(second), await isSettled(small)]).toEqual([false, true]);
    (await small).release();
    expect(await isSettled(second)).toBe(false);
    large.release();
    expect(await isSettled(second)).toBe(true);
  });

  it("grants all that one release makes possible", async () => {
    const semaphore = semaphoreOf({ permits: 3, perKey: 1, large: 1 });
    const held = await semaphore.acquire("a", { size: "large" });
    const [capped, large] = [semaphore.acquire("a"), semaphore.acquire("b", { size: "large" })];
    expect([await isSettled(capped), await isSettled(large)]).toEqual([false, false]);
    held.release();
    expect([await isSettled(capped), await isSettled(large)]).toEqual([true, true]);
  });

  it("refuses a waiter after the longest wait", async () => {
    const semaphore = semaphoreOf({ maxWaitMs: 10 });
    const held = await semaphore.acquire("a");
    await expect(semaphore.acquire("a")).rejects.toThrow("busy");
    held.release();
    (await semaphore.acquire("a")).release();
  });

  it("refuses at once when too many of one key wait", async () => {
    const semaphore = semaphoreOf({ maxWaiting: 3, maxWaitingPerKey: 2 });
    const held = await semaphore.acquire("a");
    const waiting = [semaphore.acquire("a"), semaphore.acquire("a")];
    await expect(semaphore.acquire("a")).rejects.toThrow("busy");
    held.release();
    for (const each of waiting) (await each).release();
  });

  it("refuses the last waiter of the key with the most, when too many wait in all", async () => {
    const semaphore = semaphoreOf({ maxWaiting: 3, maxWaitingPerKey: 2 });
    const held = await semaphore.acquire("a");
    const first = semaphore.acquire("a");
    const last = semaphore.acquire("a");
    const waiting = [first, semaphore.acquire("b"), semaphore.acquire("c")];
    await expect(last).rejects.toThrow("busy");
    await expect(semaphore.acquire("d")).rejects.toThrow("busy");
    held.release();
    for (const each of waiting) (await each).release();
  });
});
