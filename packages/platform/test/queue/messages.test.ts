import fc from "fast-check";
import { messageId, priorityOf } from "../../src/queue/messages.ts";

const BULLMQ_MAX_PRIORITY = 2_097_151;
const EPOCH = 1_048_576;

const turnsBegun = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000_000 }),
  // Near the boundaries of epochs.
  fc
    .tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: -2, max: 2 }))
    .map(([epoch, offset]) => epoch * EPOCH + offset),
);

describe("the priority of a message", () => {
  it("is in BullMQ's range and in the order of turns, however many turns have begun", () => {
    const ahead = fc.integer({ min: 0, max: EPOCH });
    fc.assert(
      fc.property(turnsBegun, ahead, ahead, (begun, one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)].map((count) =>
          priorityOf({ turn: begun + count, turnsBegun: begun }),
        ) as [number, number];
        expect(first).toBeGreaterThanOrEqual(1);
        expect(second).toBeLessThanOrEqual(BULLMQ_MAX_PRIORITY);
        // 1 is also the priority of turns that have begun.
        if (one !== other && second > 1) expect(first).toBeLessThan(second);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the first for a job whose turn has begun in an earlier epoch", () => {
    expect(priorityOf({ turn: EPOCH - 5, turnsBegun: EPOCH })).toBe(1);
  });
});

describe("the ID of a message", () => {
  it("differs between claims, and between epochs", () => {
    const message = { tenantId: "tenant", jobId: "job" };
    const places = [0, EPOCH - 1, EPOCH, 2 * EPOCH].map((begun) => ({
      turn: 1,
      turnsBegun: begun,
    }));
    expect(places.map((place) => messageId(message, 3, place))).toEqual([
      "job-3",
      "job-3",
      "job-3-1",
      "job-3-2",
    ]);
  });
});
