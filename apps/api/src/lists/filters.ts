import { DocketError } from "@docket/domain";
import { Prisma } from "@docket/platform/database";

/** A range of whole days in UTC, both included. */
type Days = { readonly dateFrom?: string; readonly dateTo?: string };

/** @throws DocketError `bad_request` when the range of days is reversed. */
export function requireOrder({ dateFrom, dateTo }: Days): void {
  if (dateFrom === undefined || dateTo === undefined || dateFrom <= dateTo) return;
  const detail = `dateFrom (${dateFrom}) must not be after dateTo (${dateTo})`;
  throw new DocketError("bad_request", `${detail}.`, { errors: [{ field: "dateFrom", detail }] });
}

/** A condition, or nothing where its filter is not given. */
export type Condition = Prisma.Sql | "" | undefined;

/** What was created on these days. */
export const createdOn = ({ dateFrom, dateTo }: Days): readonly Condition[] => [
  dateFrom && Prisma.sql`created_at >= ${`${dateFrom}T00:00:00Z`}::timestamptz`,
  dateTo && Prisma.sql`created_at < ${`${dateTo}T00:00:00Z`}::timestamptz + interval '1 day'`,
];

/** The WHERE of all conditions that there are. */
export function where(conditions: readonly Condition[]): Prisma.Sql {
  const given = conditions.filter((each) => typeof each === "object");
  return given.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(given, " AND ")}`;
}
