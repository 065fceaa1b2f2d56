import type { Tone } from "../ui/badge.tsx";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export type Deadline = { readonly label: string; readonly tone: Tone };

/**
 * The time left until an instant, in days of the reader's time zone: "5 days left", "Due today", "Overdue 2 days". Less than 24 h
 * that end tomorrow are hours.
 */
export function deadlineOf(instant: string, now: number): Deadline {
  const days = dayOf(Date.parse(instant)) - dayOf(now);
  if (Date.parse(instant) < now) {
    return { label: days === 0 ? "Overdue today" : `Overdue ${unit(-days)}`, tone: "negative" };
  }
  if (days === 0) return { label: "Due today", tone: "negative" };
  const hours = Math.ceil((Date.parse(instant) - now) / HOUR_MS);
  if (hours < 24) return { label: `${hours} h left`, tone: "warning" };
  return {
    label: `${unit(days)} left`,
    tone: days > 7 ? "neutral" : days > 3 ? "info" : "warning",
  };
}

const unit = (days: number): string => (days === 1 ? "1 day" : `${days} days`);

/** A consecutive number of the local day. */
function dayOf(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** An instant as the value of a datetime-local field. */
export function toLocalInput(instant: string | undefined): string {
  if (instant === undefined) return "";
  const date = new Date(instant);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The instant of such a field; null if it is empty, or not `isLocalInput`. */
export const fromLocalInput = (value: string): string | null =>
  value === "" || !isLocalInput(value) ? null : new Date(value).toISOString();

/** Whether a datetime-local field has an instant, or nothing. Browsers let people enter years of six digits. */
export const isLocalInput = (value: string): boolean =>
  value === "" || (/^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value)));
