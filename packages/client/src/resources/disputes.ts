import type { Archive } from "../download.ts";
import type {
  AddDisputeNoteRequest,
  CloseDisputeRequest,
  CreateDisputeRequest,
  Dispute,
  DisputeEvent,
  GetDisputeHistoryParams,
  ListDisputesParams,
  ReopenDisputeRequest,
  RequestDisputeEvidenceRequest,
  UpdateDisputeRequest,
} from "../generated/api-types.ts";
import { createListing, type Listing } from "../pages.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import { withRetries } from "../transport/retry.ts";
import type { Transport } from "../transport/transport.ts";
import { createWrite } from "./write.ts";

const disputeReads = (transport: Transport) => ({
  /**
   * A dispute with its evidence.
   *
   * @example
   * const { state, allowedActions } = await docket.disputes.get(disputeId);
   */
  get: async (disputeId: string, options?: CallOptions): Promise<Dispute> =>
    transport.json<Dispute>({ method: "GET", path: disputePath(disputeId), options }),
  /**
   * Disputes that match the filters.
   *
   * @example
   * for await (const dispute of docket.disputes.list({ state: ["OPEN"], overdue: true })) remind(dispute);
   */
  list: (query: ListDisputesParams = {}, options?: CallOptions): Listing<Dispute> =>
    createListing(transport, "/v1/disputes", query, options),
  /**
   * The history of a dispute, oldest first.
   *
   * @example
   * for await (const event of docket.disputes.history(disputeId)) console.log(event.type, event.actor);
   */
  history: (
    disputeId: string,
    query: GetDisputeHistoryParams = {},
    options?: CallOptions,
  ): Listing<DisputeEvent> =>
    createListing(transport, `${disputePath(disputeId)}/history`, query, options),
  /**
   * A ZIP of the dispute, its history and its evidence. Its last entry, `manifest.json`, has the SHA-256 of the others.
   *
   * @example
   * const { fileName, stream } = await docket.disputes.archive(disputeId);
   * await pipeline(stream, createWriteStream(fileName));
   */
  archive: async (disputeId: string, options?: CallOptions): Promise<Archive> => {
    const path = `${disputePath(disputeId)}/archive`;
    const headers = { accept: "application/zip" };
    const spec = { method: "GET", path, headers, options } as const;
    const { signal, maxRetries } = transport;
    const { stream } = await withRetries(() => transport.open(spec), {
      signal,
      maxRetries,
      ...options,
    });
    return { fileName: `dispute-${disputeId.toLowerCase()}.zip`, stream };
  },
});

function disputeWrites(transport: Transport) {
  const write = createWrite(transport);

  return {
    /**
     * Disputes an exception.
     *
     * @example
     * const dispute = await docket.disputes.create(exceptionId, {
     *   category: "UNRECOGNIZED_CHARGE",
     *   description: "We do not know this charge.",
     * });
     */
    create: (
      exceptionId: string,
      request: CreateDisputeRequest,
      options?: WriteOptions,
    ): Promise<Dispute> =>
      write("POST", `/v1/exceptions/${encodeURIComponent(exceptionId)}/disputes`, request, options),
    /**
     * Changes a dispute. `null` clears a field.
     *
     * @throws DocketError `precondition_failed` with `ifVersion`
     * @example
     * await docket.disputes.update(dispute.id, { assignedTo: "maria" }, { ifVersion: dispute.version });
     */
    update: (
      disputeId: string,
      request: UpdateDisputeRequest,
      options?: WriteOptions,
    ): Promise<Dispute> => write("PATCH", disputePath(disputeId), request, options),
    /**
     * Opens a draft.
     *
     * @example
     * await docket.disputes.open(disputeId);
     */
    open: (disputeId: string, options?: WriteOptions): Promise<Dispute> =>
      write("POST", `${disputePath(disputeId)}/open`, {}, options),
    /**
     * Asks for evidence.
     *
     * @example
     * await docket.disputes.requestEvidence(disputeId, { note: "Please send the statement." });
     */
    requestEvidence: (
      disputeId: string,
      request: RequestDisputeEvidenceRequest,
      options?: WriteOptions,
    ): Promise<Dispute> =>
      write("POST", `${disputePath(disputeId)}/request-evidence`, request, options),
    /**
     * Adds a note to the history.
     *
     * @example
     * await docket.disputes.addNote(disputeId, { note: "The bank called back." });
     */
    addNote: (
      disputeId: string,
      request: AddDisputeNoteRequest,
      options?: WriteOptions,
    ): Promise<DisputeEvent> => write("POST", `${disputePath(disputeId)}/notes`, request, options),
    /**
     * Closes a dispute as won or lost.
     *
     * @example
     * await docket.disputes.close(disputeId, { won: true, resolution: "The bank refunded the charge." });
     */
    close: (
      disputeId: string,
      request: CloseDisputeRequest,
      options?: WriteOptions,
    ): Promise<Dispute> => write("POST", `${disputePath(disputeId)}/close`, request, options),
    /**
     * Opens a lost dispute again.
     *
     * @example
     * await docket.disputes.reopen(disputeId, { reason: "The bank found its error." });
     */
    reopen: (
      disputeId: string,
      request: ReopenDisputeRequest,
      options?: WriteOptions,
    ): Promise<Dispute> => write("POST", `${disputePath(disputeId)}/reopen`, request, options),
  };
}

/** Disputes (docs/api.md §4, §8). */
export const disputeCalls = (transport: Transport) => ({
  ...disputeReads(transport),
  ...disputeWrites(transport),
});

export const disputePath = (disputeId: string): string =>
  `/v1/disputes/${encodeURIComponent(disputeId)}`;
