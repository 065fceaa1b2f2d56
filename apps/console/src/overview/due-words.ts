import type { Tone } from "../ui/badge.tsx";

const DAY_MS = 86_400_000;

/** How long there is until a deadline, in words, and how urgent that is. */
export function dueWords(
  dueAt: string,
  now: number,
): { readonly words: string; readonly tone: Tone } {
  const left = Date.parse(dueAt) - now;
  const days = Math.floor(Math.abs(left) / DAY_MS);
  const span = days === 1 ? "1 day" : `${days} days`;
  if (left < 0) return { words: days === 0 ? "Overdue" : `Overdue ${span}`, tone: "negative" };
  if (days === 0) return { words: "Due in 24 h", tone: "warning" };
  if (days <= 3) return { words: `${span} left`, tone: "warning" };
  return { words: `${span} left`, tone: days <= 7 ? "info" : "neutral" };
}
