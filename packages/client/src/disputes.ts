/** What the demo reads of a dispute (contract §4). */
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

/** What the demo reads of an exception. */
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

type Calls = {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, value: unknown) => Promise<T>;
  readonly postFile: <T>(
    path: string,
    type: string,
    content: Uint8Array<ArrayBuffer>,
  ) => Promise<T>;
};

/** The part of the API that contests exceptions. */
export const disputeCalls = ({ get, post, postFile }: Calls) => ({
  /** The newest exceptions of a context that wait for a person. */
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
    return postFile<Dispute>(`/v1/disputes/${disputeId}/evidence/upload?${query}`, type, content);
  },
  /** `fileUrl`: that of an uploaded file. */
  download: (fileUrl: string) =>
    get<{ readonly downloadUrl: string; readonly fileName: string; readonly sha256: string }>(
      fileUrl,
    ),
  history: async (disputeId: string): Promise<readonly DisputeEvent[]> =>
    (await get<{ items: DisputeEvent[] }>(`/v1/disputes/${disputeId}/history`)).items,
});
