import type { Exception, Transaction } from "@docket/client";

/** Open transactions of the other side are compared within this many days. */
export const WINDOW_DAYS = 5;

const DAY_MS = 86_400_000;

export const dayAround = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

const absolute = (amount: string): string => {
  const [whole = "", part = ""] = amount.replace("-", "").split(".");
  return `${whole}.${part.replace(/0+$/, "")}`;
};

/** Whether two decimal strings are the same amount, apart from the sign. */
export const isSameAmount = (one: string, other: string): boolean =>
  absolute(one) === absolute(other);

const distance = ({ transaction }: Exception, { amount, date, externalId }: Transaction): number =>
  (isSameAmount(amount, transaction.amount) ? 0 : 1_000) +
  (externalId === transaction.externalId ? 0 : 100) +
  Math.abs(Date.parse(date) - Date.parse(transaction.date)) / DAY_MS;

/** What agrees best with the transaction of an exception: the amount first, then the reference, then the day. */
export function nearest(
  exception: Exception,
  candidates: readonly Transaction[],
): Transaction | undefined {
  const alike = candidates.filter(
    (each) =>
      isSameAmount(each.amount, exception.transaction.amount) ||
      each.externalId === exception.transaction.externalId,
  );
  return alike.toSorted((a, b) => distance(exception, a) - distance(exception, b))[0];
}
