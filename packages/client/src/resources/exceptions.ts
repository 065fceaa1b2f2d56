import type {
  BulkOutcomes,
  Exception,
  ExceptionEvent,
  GetExceptionHistoryParams,
  ListExceptionsParams,
  ReopenExceptionRequest,
  ResolveExceptionRequest,
  UpdateExceptionRequest,
} from "../generated/api-types.ts";
import { createListing, type Listing } from "../pages.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { createWrite } from "./write.ts";

/** What happens to each of the exceptions; `remark` says why. */
export type BulkChange = { readonly exceptionIds: readonly string[]; readonly remark: string } & (
  | { readonly action: "assign"; readonly assignedTo: string | null }
  | { readonly action: "set-due-date"; readonly dueAt: string | null }
  | {
      readonly action: "resolve";
      readonly resolutionType: string;
      readonly resolutionNotes?: string;
    }
);

/** Exceptions (docs/api.md §5, §8). */
export function exceptionCalls(transport: Transport) {
  const write = createWrite(transport);

  return {
    /**
     * An exception with its transaction.
     *
     * @example
     * const { severity, transaction } = await docket.exceptions.get(exceptionId);
     */
    get: async (exceptionId: string, options?: CallOptions): Promise<Exception> =>
      transport.json<Exception>({ method: "GET", path: exceptionPath(exceptionId), options }),
    /**
     * Exceptions that match the filters.
     *
     * @example
     * for await (const exception of docket.exceptions.list({ status: ["OPEN"], unassigned: true })) assign(exception);
     */
    list: (query: ListExceptionsParams = {}, options?: CallOptions): Listing<Exception> =>
      createListing(transport, "/v1/exceptions", query, options),
    /**
     * The history of an exception, oldest first.
     *
     * @example
     * for await (const event of docket.exceptions.history(exceptionId)) console.log(event.type, event.actor);
     */
    history: (
      exceptionId: string,
      query: GetExceptionHistoryParams = {},
      options?: CallOptions,
    ): Listing<ExceptionEvent> =>
      createListing(transport, `${exceptionPath(exceptionId)}/history`, query, options),
    /**
     * Changes an exception. `null` clears a field.
     *
     * @throws DocketError `precondition_failed` with `ifVersion`
     * @example
     * await docket.exceptions.update(exceptionId, { assignedTo: "maria" });
     */
    update: (
      exceptionId: string,
      request: UpdateExceptionRequest,
      options?: WriteOptions,
    ): Promise<Exception> => write("PATCH", exceptionPath(exceptionId), request, options),
    /**
     * Resolves an exception.
     *
     * @example
     * await docket.exceptions.resolve(exceptionId, { resolutionType: "WRITE_OFF", resolutionNotes: "Below one euro." });
     */
    resolve: (
      exceptionId: string,
      request: ResolveExceptionRequest,
      options?: WriteOptions,
    ): Promise<Exception> =>
      write("POST", `${exceptionPath(exceptionId)}/resolve`, request, options),
    /**
     * Reopens a resolved exception.
     *
     * @example
     * await docket.exceptions.reopen(exceptionId, { reason: "The refund was reversed." });
     */
    reopen: (
      exceptionId: string,
      request: ReopenExceptionRequest,
      options?: WriteOptions,
    ): Promise<Exception> =>
      write("POST", `${exceptionPath(exceptionId)}/reopen`, request, options),
    /**
     * Changes up to 100 exceptions, each for itself: the outcome says what happened to each.
     *
     * @example
     * const { results } = await docket.exceptions.bulk({ action: "assign", assignedTo: "maria", exceptionIds, remark: "Fees" });
     */
    bulk: (request: BulkChange, options?: WriteOptions): Promise<BulkOutcomes> =>
      write("POST", "/v1/exceptions/bulk", request, options),
  };
}

const exceptionPath = (exceptionId: string): string =>
  `/v1/exceptions/${encodeURIComponent(exceptionId)}`;
