import type request from "supertest";
import type { TenantBase } from "./base.ts";

/** The body of most export requests in the tests. */
export const WANTED = { reportType: "MATCHED", format: "CSV" };

/** Builders of export jobs through the API. */
export function exportBuilders({ send, contextId }: TenantBase) {
  const createExport = (body: object = WANTED, context = contextId): request.Test =>
    send("post", `/v1/contexts/${context}/export-jobs`, body);

  /** Creates an export job and returns its ID. */
  const anExport = async (body?: object): Promise<string> => {
    const response = await createExport(body).expect(202);
    return response.body.jobId as string;
  };

  return { createExport, anExport };
}
