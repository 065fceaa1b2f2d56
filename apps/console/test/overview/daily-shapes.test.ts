import { dailyShapes, isSettling } from "../../src/overview/daily-shapes.ts";

const AS_OF = "2026-11-28T09:00:00Z";

/** The days until 28 Nov with these numbers of matched transactions, of 100 each. */
const daysOf = (...matched: readonly number[]) =>
  matched.map((count, index) => ({
    date: `2026-11-${29 - matched.length + index}`,
    total: 100,
    matched: count,
  }));

describe("the chart of the match rate", () => {
  it("takes the last three days as in progress", () => {
    const settling = daysOf(1, 1, 1, 1).map((day) => isSettling(day, AS_OF));
    expect(settling).toEqual([false, true, true, true]);
  });

  it("draws no fall to a day whose counterparts have not arrived, and keeps the scale of the others", () => {
    const { floor, lines, settling } = dailyShapes(daysOf(96, 97, 95, 96, 0), AS_OF);
    expect(floor).toBe(0.9);
    expect(lines.map(({ line }) => line)).toEqual(["M0.5 43.2L1.5 32.4"]);
    // From the last settled day, through those that are on the scale.
    expect(settling).toEqual(["M1.5 32.4L2.5 54L3.5 43.2"]);
    expect(dailyShapes(daysOf(96, 97, 0, 0, 0), AS_OF).settling).toEqual([]);
  });

  it("draws a fall of days that are settled, and days in progress where there are no others", () => {
    expect(dailyShapes(daysOf(96, 20, 95, 96, 97), AS_OF).floor).toBe(0);
    const { floor, lines, settling } = dailyShapes(daysOf(0, 60), AS_OF);
    expect([floor, lines, settling]).toEqual([0, [], ["M0.5 108L1.5 43.2"]]);
  });
});
