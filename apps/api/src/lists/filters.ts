import { DocketError } from "@docket/domain";
import { Prisma } from "@docket/platform/database";

/** A range of whole UTC days, both inclusive. */
export type DayRange = { readonly dateFrom?: string; readonly dateTo?: string };

/** @throws DocketError `bad_request` when `dateFrom` is after `dateTo`. */
export function requireOrder({ dateFrom, dateTo }: DayRange): void {
  if (dateFrom === undefined || dateTo === undefined || dateFrom <= dateTo) return;
  const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
  throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
}

/** The condition of a filter; "", false or undefined when the filter is not given. */
export type Condition = Prisma.Sql | "" | false | undefined;

/** Conditions for rows whose instant is in a range of days. */
export function inDays(column: string, { dateFrom, dateTo }: DayRange): readonly Condition[] {
  const instant = Prisma.raw(column);
  return [
    dateFrom && Prisma.sql`${instant} >= ${`${dateFrom}T00:00:00Z`}::timestamptz`,
    dateTo && Prisma.sql`${instant} < ${`${dateTo}T00:00:00Z`}::timestamptz + interval '1 day'`,
  ];
}

/** Conditions for rows created in a range of days. */
export const createdOn = (range: DayRange): readonly Condition[] => inDays("created_at", range);

/** The conditions of the filter `unassigned`. */
export const assignment = (unassigned: boolean | undefined): readonly Condition[] => [
  unassigned === true && Prisma.sql`assigned_to IS NULL`,
  unassigned === false && Prisma.sql`assigned_to IS NOT NULL`,
];

/** A WHERE clause of all given conditions; empty when there are none. */
export function where(conditions: readonly Condition[]): Prisma.Sql {
  const given = conditions.filter((each) => typeof each === "object");
  return given.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(given, " AND ")}`;
}
