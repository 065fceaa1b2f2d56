import { defineLifecycle } from "../lifecycle.ts";

/** The actions of people on an exception. */
export type ExceptionAction = "update" | "resolve" | "reopen";

export type ExceptionStatus = "OPEN" | "ASSIGNED" | "PENDING_RESOLUTION" | "RESOLVED";

/** The statuses of docs/api.md §8. Lists sort by the order of this table. An ingest may set any status. */
export const exceptionLifecycle = defineLifecycle<ExceptionStatus, ExceptionAction>({
  OPEN: { update: ["OPEN", "ASSIGNED"], resolve: ["RESOLVED"] },
  ASSIGNED: { update: ["ASSIGNED", "OPEN"], resolve: ["RESOLVED"] },
  PENDING_RESOLUTION: { update: ["PENDING_RESOLUTION"], resolve: ["RESOLVED"] },
  RESOLVED: { reopen: ["OPEN", "ASSIGNED"] },
});

export const EXCEPTION_STATUSES: readonly ExceptionStatus[] = exceptionLifecycle.states;
