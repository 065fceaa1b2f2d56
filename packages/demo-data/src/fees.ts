import type { Entry } from "./ledgers.ts";
import type { Random } from "./random.ts";
import { money, type FeeVarianceRecord } from "./records.ts";
import { BANK, FEE_SCHEDULES } from "./vocabulary.ts";

/** Percentage of the matched bank lines that have a fee of their own. */
const FEE_PERCENT = 20;
/** Percentage of the fees that differ from their schedule. */
const VARIANCE_PERCENT = 14;

/** The fees that the bank charged, next to the fees of its schedules. */
export function createFeeVariances(
  entries: readonly Entry[],
  random: Random,
): readonly FeeVarianceRecord[] {
  const fees: FeeVarianceRecord[] = [];
  for (const { record, matched, flow, cents } of entries) {
    const schedules = FEE_SCHEDULES[flow];
    if (record.source !== BANK.name || !matched || schedules === undefined) continue;
    if (!random.chance(FEE_PERCENT)) continue;
    const schedule = random.pick(schedules);
    const expected = schedule.flat + Math.round((Math.abs(cents) * schedule.basisPoints) / 10_000);
    const excessPercent = random.chance(VARIANCE_PERCENT) ? random.integer(-20, 60) : 0;
    const excess = Math.round((Math.max(expected, 10) * excessPercent) / 100);
    fees.push({
      externalId: `FEE-${String(fees.length + 1).padStart(6, "0")}`,
      source: record.source,
      transaction: record.externalId,
      feeScheduleId: schedule.id,
      feeScheduleName: schedule.name,
      currency: record.currency,
      expected: money(expected),
      actual: money(Math.max(0, expected + excess)),
    });
  }
  return fees;
}
