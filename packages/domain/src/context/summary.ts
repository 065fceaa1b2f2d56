import Joi from "joi";
import { day } from "../schemas.ts";

/** The validated query of a summary. `exportRange` applies the defaults of the range. */
export type SummaryQuery = { readonly dateFrom?: string; readonly dateTo?: string };

/** The query of `GET /v1/contexts/{contextId}/summary` (docs/api.md §8). */
export const summaryQuery = Joi.object<SummaryQuery>({
  dateFrom: day().meta({ description: "The first day. Default: 30 days before `dateTo`." }),
  dateTo: day().meta({ description: "The last day, inclusive. Default: tomorrow." }),
});

/** Ages of exceptions in whole days, from the newest; each bucket ends where the next one begins. */
export const AGE_BUCKETS = [
  { bucket: "0-7", fromDays: 0 },
  { bucket: "8-30", fromDays: 8 },
  { bucket: "31-90", fromDays: 31 },
  { bucket: "over-90", fromDays: 91 },
] as const;
