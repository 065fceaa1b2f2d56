import type { TenantBase } from "./base.ts";

/** A dispute in a response. */
export type DisputeBody = {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly evidence: readonly { readonly id: string; readonly fileUrl: string }[];
};

/** Builders of disputes through the API. */
export function disputeBuilders({ send }: TenantBase, anException: () => Promise<string>) {
  /** Disputes an exception, by default a new one. */
  const createDispute = async (body: object = {}, exceptionId?: string): Promise<DisputeBody> => {
    const path = `/v1/exceptions/${exceptionId ?? (await anException())}/disputes`;
    const dispute = { category: "OTHER", description: "words", ...body };
    const response = await send("post", path, dispute).expect(201);
    return response.body as DisputeBody;
  };

  /** Creates a dispute, brings it into `state` and returns its ID. */
  const aDispute = async (state = "OPEN"): Promise<string> => {
    const { id } = await createDispute({ draft: state === "DRAFT" });
    const act = async (action: string, body: object): Promise<void> => {
      await send("post", `/v1/disputes/${id}/${action}`, body).expect(200);
    };
    if (state === "PENDING_EVIDENCE") await act("request-evidence", { note: "please" });
    if (state === "WON") await act("close", { won: true, resolution: "paid back" });
    if (state === "LOST") await act("close", { won: false, resolution: "it was right" });
    return id;
  };

  return {
    createDispute,
    aDispute,
    getDispute: (id: string) => send("get", `/v1/disputes/${id}`).expect(200),
    history: async (id: string): Promise<readonly Record<string, unknown>[]> => {
      const response = await send("get", `/v1/disputes/${id}/history?limit=200`).expect(200);
      return response.body.items as readonly Record<string, unknown>[];
    },
  };
}
