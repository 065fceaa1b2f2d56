import { addDays, dayNumber } from "@docket/domain";

import type { Entry } from "./ledgers.ts";
import type { Random } from "./random.ts";
import type { ExceptionRecord } from "./records.ts";
import { BANK, MATCHED_LATE, RESOLUTIONS, REVIEWERS } from "./vocabulary.ts";

/** Percent of the lines without a counterpart that became an exception. */
const RAISED = 90;
/** Percent of the matched lines that had been one, and were solved. */
const SOLVED = 0.3;

const DAYS_TO_SOLVE = { LOW: 14, MEDIUM: 7, HIGH: 3, CRITICAL: 1 } as const;

/** What needs a person: lines without a counterpart, and some that found theirs late. */
export function bookExceptions(
  entries: readonly Entry[],
  random: Random,
  today: string,
): readonly ExceptionRecord[] {
  const exceptions: ExceptionRecord[] = [];
  for (const entry of entries) {
    if (entry.record.status === "IGNORED") continue;
    const certain = entry.record.status === "PENDING_REVIEW";
    if (!certain && !random.chance(entry.matched ? SOLVED : RAISED)) continue;
    exceptions.push(exceptionOf(entry, random, today));
  }
  return exceptions;
}

function exceptionOf(entry: Entry, random: Random, today: string): ExceptionRecord {
  const severity = severityOf(entry.cents, random);
  // Found by the night's run, never in the future.
  const next = addDays(entry.day, 1);
  const day = next < today ? next : today;
  const minute = String(random.integer(0, 59)).padStart(2, "0");
  const createdAt = day === today ? `${day}T00:00:00Z` : `${day}T02:${minute}:00Z`;
  const age = dayNumber(today) - dayNumber(day);
  const status = entry.matched ? "RESOLVED" : statusOf(age, random);
  const [resolutionType, resolutionNotes] = entry.matched ? MATCHED_LATE : random.pick(RESOLUTIONS);
  return {
    source: entry.record.source,
    transaction: entry.record.externalId,
    severity,
    status,
    reason: reasonOf(entry, random),
    ...(status !== "OPEN" && { assignedTo: random.pick(REVIEWERS) }),
    dueAt: `${addDays(day, DAYS_TO_SOLVE[severity])}T16:00:00Z`,
    ...(status === "RESOLVED" && { resolutionType, resolutionNotes }),
    createdAt,
  };
}

function severityOf(cents: number, random: Random): ExceptionRecord["severity"] {
  const size = Math.abs(cents) * (random.chance(10) ? 4 : 1);
  if (size >= 1_000_000) return "CRITICAL";
  if (size >= 150_000) return "HIGH";
  return size >= 20_000 ? "MEDIUM" : "LOW";
}

function statusOf(age: number, random: Random): ExceptionRecord["status"] {
  if (age > 45) {
    return random.weighted({ RESOLVED: 75, PENDING_RESOLUTION: 12, ASSIGNED: 8, OPEN: 5 });
  }
  if (age > 7) {
    return random.weighted({ RESOLVED: 35, PENDING_RESOLUTION: 20, ASSIGNED: 25, OPEN: 20 });
  }
  return random.weighted({ OPEN: 70, ASSIGNED: 25, PENDING_RESOLUTION: 5 });
}

function reasonOf(entry: Entry, random: Random): string {
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
