import { addDays, dayNumber } from "@docket/domain";

import type { Entry } from "./ledgers.ts";
import type { Random } from "./random.ts";
import type { ExceptionRecord } from "./records.ts";
import { BANK, LATE_MATCH, RESOLUTIONS, REVIEWERS } from "./vocabulary.ts";

/** Percentage of the unmatched transactions that have an exception. */
const UNMATCHED_PERCENT = 90;
/** Percentage of the matched transactions that have a resolved exception. */
const MATCHED_PERCENT = 0.3;

const DAYS_TO_RESOLVE = { LOW: 14, MEDIUM: 7, HIGH: 3, CRITICAL: 1 } as const;

export function createExceptions(
  entries: readonly Entry[],
  random: Random,
  today: string,
): readonly ExceptionRecord[] {
  const exceptions: ExceptionRecord[] = [];
  for (const entry of entries) {
    const { status } = entry.record;
    if (status === "IGNORED") continue;
    const percent = entry.matched ? MATCHED_PERCENT : UNMATCHED_PERCENT;
    if (status !== "PENDING_REVIEW" && !random.chance(percent)) continue;
    exceptions.push(createException(entry, random, today));
  }
  return exceptions;
}

function createException(entry: Entry, random: Random, today: string): ExceptionRecord {
  const severity = pickSeverity(entry.cents, random);
  // Raised by the next night's matching run, but not in the future.
  const nextDay = addDays(entry.day, 1);
  const day = nextDay < today ? nextDay : today;
  const minute = String(random.integer(0, 59)).padStart(2, "0");
  const createdAt = day === today ? `${day}T00:00:00Z` : `${day}T02:${minute}:00Z`;
  const age = dayNumber(today) - dayNumber(day);
  const status = entry.matched ? "RESOLVED" : pickStatus(age, random);
  const [resolutionType, resolutionNotes] = entry.matched ? LATE_MATCH : random.pick(RESOLUTIONS);
  return {
    source: entry.record.source,
    transaction: entry.record.externalId,
    severity,
    status,
    reason: pickReason(entry, random),
    ...(status !== "OPEN" && { assignedTo: random.pick(REVIEWERS) }),
    dueAt: `${addDays(day, DAYS_TO_RESOLVE[severity])}T16:00:00Z`,
    ...(status === "RESOLVED" && { resolutionType, resolutionNotes }),
    createdAt,
  };
}

function pickSeverity(cents: number, random: Random): ExceptionRecord["severity"] {
  const size = Math.abs(cents) * (random.chance(10) ? 4 : 1);
  if (size >= 1_000_000) return "CRITICAL";
  if (size >= 150_000) return "HIGH";
  return size >= 20_000 ? "MEDIUM" : "LOW";
}

function pickStatus(ageDays: number, random: Random): ExceptionRecord["status"] {
  if (ageDays > 45) {
    return random.weighted({ RESOLVED: 75, PENDING_RESOLUTION: 12, ASSIGNED: 8, OPEN: 5 });
  }
  if (ageDays > 7) {
    return random.weighted({ RESOLVED: 35, PENDING_RESOLUTION: 20, ASSIGNED: 25, OPEN: 20 });
  }
  return random.weighted({ OPEN: 70, ASSIGNED: 25, PENDING_RESOLUTION: 5 });
}

function pickReason(entry: Entry, random: Random): string {
  const { source, status } = entry.record;
  if (entry.matched) return "Counterpart arrived late";
  if (status === "PENDING_REVIEW") return `Amount differs from ${entry.reference}, please review`;
  if (source === BANK.name) {
    return random.pick([
      "No posting found for this line",
      `Unknown payer: ${entry.party}`,
      "Possible duplicate, same amount twice in two days",
    ]);
  }
  return random.pick([
    "Not on the bank statement yet",
    `Payment outstanding, ${entry.reference}`,
    'Posted twice? See "cash in transit"',
  ]);
}
