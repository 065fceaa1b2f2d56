import { createSlots } from "../../src/http/slots.ts";

const never = new AbortController().signal;
const isSettled = async (work: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const mark = (): void => void (settled = true);
  work.then(mark, mark);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

describe("slots", () => {
  it("are held by no more than there are, and handed on in turn", async () => {
    const slots = createSlots(2);
    const [one] = [await slots.take(never), await slots.take(never)];
    const [three, four] = [slots.take(never), slots.take(never)];
    expect(await isSettled(three)).toBe(false);
    one();
    // Twice given back is once given back.
    one();
    expect([await isSettled(three), await isSettled(four)]).toEqual([true, false]);
    (await three)();
    expect(await isSettled(four)).toBe(true);
  });

  it("forget who does not wait any more", async () => {
    const slots = createSlots(1);
    const held = await slots.take(never);
    const leaving = new AbortController();
    const left = slots.take(leaving.signal);
    const staying = slots.take(never);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(slots.take(leaving.signal)).rejects.toThrow("gone");
    held();
    (await staying)();
    await slots.take(never);
  });

  it("are shared: one owner leaves some for the others, who are not kept waiting by the first in the line", async () => {
    const slots = createSlots(3, 2);
    const mine = [await slots.take(never, "a"), await slots.take(never, "a")];
    const [waits, other] = [slots.take(never, "a"), slots.take(never, "b")];
    expect([await isSettled(waits), await isSettled(other)]).toEqual([false, true]);
    expect(slots.tryTake("c")).toBeUndefined();
    const third = slots.take(never, "c");
    (await other)();
    // Free, and not for the one who has their share.
    expect([await isSettled(waits), await isSettled(third)]).toEqual([false, true]);
    mine[0]!();
    expect(await isSettled(waits)).toBe(true);
  });
});
