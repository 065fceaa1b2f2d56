import type { Transport } from "./transport.ts";

/** The fields of a dispute that the demo uses (docs/api.md §4). */
export type Dispute = {
  readonly id: string;
  readonly state: string;
  readonly evidence: readonly {
    readonly fileUrl: string;
    readonly file?: {
      readonly fileName: string;
      readonly sizeBytes: number;
      readonly sha256: string;
    };
  }[];
};

export type DisputeEvent = {
  readonly type: string;
  readonly from?: string;
  readonly to?: string;
  readonly actor: string;
  readonly at: string;
  readonly note?: string;
};

/** The fields of an exception that the demo uses. */
export type DisputedException = {
  readonly id: string;
  readonly severity: string;
  readonly reason?: string;
  readonly transaction: {
    readonly externalId: string;
    readonly amount: string;
    readonly currency: string;
  };
};

export type EvidenceFile = {
  readonly comment: string;
  readonly fileName: string;
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
};

/** The calls about exceptions and disputes. */
export const disputeCalls = ({ get, post, postBody }: Transport) => ({
  /** A context's open exceptions, newest first. */
  openExceptions: async (contextId: string): Promise<readonly DisputedException[]> => {
    const query = new URLSearchParams({ contextId, status: "OPEN" }).toString();
    return (await get<{ items: DisputedException[] }>(`/v1/exceptions?${query}`)).items;
  },
  open: (
    exceptionId: string,
    dispute: { readonly category: string; readonly description: string },
  ) => post<Dispute>(`/v1/exceptions/${exceptionId}/disputes`, dispute),
  /** `request-evidence`, `evidence`, `close` or `reopen`. */
  act: (disputeId: string, action: string, body: object) =>
    post<Dispute>(`/v1/disputes/${disputeId}/${action}`, body),
  upload: (disputeId: string, { comment, fileName, type, content }: EvidenceFile) => {
    const query = new URLSearchParams({ comment, fileName }).toString();
    const body = { type, content };
    return postBody<Dispute>(`/v1/disputes/${disputeId}/evidence/upload?${query}`, body);
  },
  /** `fileUrl` of uploaded evidence is the path of its download. */
  download: (fileUrl: string) =>
    get<{ readonly downloadUrl: string; readonly fileName: string; readonly sha256: string }>(
      fileUrl,
    ),
  /** The first 200 events, oldest first. */
  history: async (disputeId: string): Promise<readonly DisputeEvent[]> =>
    (await get<{ items: DisputeEvent[] }>(`/v1/disputes/${disputeId}/history?limit=200`)).items,
});
