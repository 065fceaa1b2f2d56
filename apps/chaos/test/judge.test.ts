import { judge, type Arrival } from "../src/webhooks/judge.ts";

const EXPECTED = new Map([1, 2, 3, 4].map((seq) => [seq, `id-${seq}`]));

const arrivals = (...seqs: readonly number[]): Arrival[] =>
  seqs.map((seq) => ({ id: `id-${seq}`, seq, isAccepted: true }));

const faultsOf = (
  got: readonly Arrival[],
  { maxInFlight = 1, kills = 0, unreached = [] as readonly number[] } = {},
) =>
  judge(
    { name: "slow", arrivals: got, maxInFlight, unreached: new Set(unreached) },
    EXPECTED,
    kills,
  ).faults;

describe("the judge of what a receiver got", () => {
  it("accepts repeats, and an order that maxInFlight, a kill or an outage explains", () => {
    expect(faultsOf(arrivals(1, 2, 1, 3, 4, 2))).toEqual([]);
    expect(faultsOf(arrivals(2, 1, 4, 3), { maxInFlight: 2 })).toEqual([]);
    expect(faultsOf(arrivals(1, 3, 4, 2), { kills: 1 })).toEqual([]);
    expect(faultsOf(arrivals(1, 3, 4, 2), { unreached: [2] })).toEqual([]);
  });

  it.each([
    ["a lost event", arrivals(1, 3, 4), "slow: 1 events were lost, the first with seq 2"],
    [
      "an event that was never accepted",
      [...arrivals(1, 2, 3), { id: "id-4", seq: 4, isAccepted: false }],
      "slow: 1 events were lost, the first with seq 4",
    ],
    [
      "another id",
      [...arrivals(1, 2, 3, 4), { id: "other", seq: 4, isAccepted: true }],
      "slow: 1 requests had another id than their event",
    ],
    [
      "another order",
      arrivals(1, 3, 4, 2),
      "slow: 1 first attempts came late; the kills explain at most 0",
    ],
  ])("reports %s", (_, got, fault) => {
    expect(faultsOf(got)).toEqual([fault]);
  });
});
