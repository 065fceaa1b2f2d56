import {
  applyExceptionCommand,
  bulkCommand,
  DocketError,
  isResolvedAlready,
  notFound,
  type BulkExceptionRequest,
  type ExceptionCommand,
} from "@docket/domain";
import type { Transaction } from "@docket/platform/database";
import type { Actor } from "@docket/platform/rows";
import {
  lockExceptions,
  writeChanges,
  type ExceptionChange,
  type LockedException,
} from "./change.ts";

/** What a bulk action did to one exception. A refused one has the code and the detail that a single request would get. */
export type BulkOutcome = { readonly exceptionId: string } & (
  | { readonly outcome: "applied" | "unchanged" }
  | { readonly outcome: "refused"; readonly code: string; readonly detail: string }
);

/**
 * Applies one action to several exceptions. One that is refused does not stop the others. All changes commit together.
 *
 * @returns an outcome for each ID, in the order given.
 */
export async function changeExceptions(
  tx: Transaction,
  request: BulkExceptionRequest,
  by: Actor,
): Promise<readonly BulkOutcome[]> {
  const { exceptionIds, remark } = request;
  const command = bulkCommand(request);
  const locked = new Map((await lockExceptions(tx, exceptionIds)).map((each) => [each.id, each]));
  const changes: ExceptionChange[] = [];
  const outcomes = exceptionIds.map((exceptionId): BulkOutcome => {
    try {
      const change = changeOf(locked.get(exceptionId), command, { actor: by.actor, remark });
      if (change === undefined) return { exceptionId, outcome: "unchanged" };
      changes.push(change);
      return { exceptionId, outcome: "applied" };
    } catch (error) {
      if (!(error instanceof DocketError)) throw error;
      const { code, message: detail } = error;
      return { exceptionId, outcome: "refused", code, detail };
    }
  });
  if (changes.length > 0) await writeChanges(tx, changes, by);
  return outcomes;
}

/** Undefined if the command changes nothing. @throws DocketError if it is refused. */
function changeOf(
  locked: LockedException | undefined,
  command: ExceptionCommand,
  meta: { readonly actor: string; readonly remark: string },
): ExceptionChange | undefined {
  if (locked === undefined) throw notFound("exception");
  const { id, current, at } = locked;
  if (isResolvedAlready(current, command)) return undefined;
  const change = applyExceptionCommand(current, command, { ...meta, at });
  return change && { id, ...change };
}
