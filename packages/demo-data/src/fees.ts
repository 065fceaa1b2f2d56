import type { Entry } from "./ledgers.ts";
import type { Random } from "./random.ts";
import { money, type FeeVarianceRecord } from "./records.ts";
import { BANK, FEE_SCHEDULES } from "./vocabulary.ts";

/** Percent of the matched lines whose fee was charged one by one. */
const CHARGED = 20;
/** Percent of those fees that are not what the schedule says. */
const WRONG = 14;

/** The fees that the bank charged for its lines, beside what its schedules say. */
export function bookFees(entries: readonly Entry[], random: Random): readonly FeeVarianceRecord[] {
  const fees: FeeVarianceRecord[] = [];
  for (const { record, matched, flow, cents } of entries) {
    const schedules = FEE_SCHEDULES[flow];
    if (record.source !== BANK.name || !matched || schedules === undefined) continue;
    if (!random.chance(CHARGED)) continue;
    const schedule = random.pick(schedules);
    const expected = schedule.flat + Math.round((Math.abs(cents) * schedule.basisPoints) / 10_000);
    const excess = random.chance(WRONG) ? random.integer(-20, 60) : 0;
    const actual = Math.max(0, expected + Math.round((Math.max(expected, 10) * excess) / 100));
    fees.push({
      externalId: `FEE-${String(fees.length + 1).padStart(6, "0")}`,
      source: record.source,
      transaction: record.externalId,
      feeScheduleId: schedule.id,
      feeScheduleName: schedule.name,
      currency: record.currency,
      expected: money(expected),
      actual: money(actual),
    });
  }
  return fees;
}
