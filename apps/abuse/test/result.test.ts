import { findFaults, HEADER, toRow, type Result } from "../src/result.ts";

const GOOD: Result = {
  attack: "huge-pages",
  samples: [
    { call: "order", ms: 10 },
    { call: "order", ms: 30 },
    { call: "order", ms: 20 },
    { call: "poll", ms: 1_000 },
  ],
  peakRssMb: 400,
  answers: { 200: 7, none: 1 },
  faults: [],
};

describe("an attack's result", () => {
  it("is without faults at the limits of time and memory", () => {
    expect(findFaults(GOOD, 1_000)).toEqual([]);
  });

  it.each<[string, Partial<Result>, string]>([
    [
      "a failed call",
      { samples: [{ call: "load", ms: 1, error: "POST x answered 503" }] },
      "1 calls failed, the first with: POST x answered 503",
    ],
    [
      "a call over the limit",
      { samples: [{ call: "poll", ms: 1_001 }] },
      "1 calls took over 1000 ms, at most 1001 (poll)",
    ],
    [
      "slow webhooks",
      {
        samples: [9, 1_001, 1_002].map((ms) => ({ call: "webhook" as const, ms })),
      },
      "half of the webhooks took over 1000 ms (1001)",
    ],
    ["too much memory", { peakRssMb: 401 }, "the API used 401 MB, over 400"],
    ["a victim without a call", { samples: [] }, "the victim made no call"],
    ["a fault of the attack", { faults: ["the API process ended"] }, "the API process ended"],
  ])("reports %s", (_, change, fault) => {
    const result = { ...GOOD, ...change };
    expect(findFaults(result, 1_000)).toEqual([fault]);
    expect(toRow(result, 1_000)).toContain("FAILED");
  });

  it("is one row with the median and the longest time of each call", () => {
    const row = [
      "huge-pages",
      "20/30",
      "1000/1000",
      "-",
      "-",
      "-",
      "0",
      "400",
      "ok",
      "200: 7, none: 1",
    ];
    expect(toRow(GOOD, 1_000)).toEqual(row);
    expect(HEADER).toHaveLength(row.length);
  });
});
