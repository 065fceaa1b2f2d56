import { disputeCalls } from "./disputes.ts";
import { createTransport, type ClientOptions, type Transport } from "./transport.ts";

export type Named = { readonly id: string; readonly name: string };

export type ContextCounts = Readonly<
  Record<
    "transactions" | "matched" | "unmatched" | "matchGroups" | "exceptions" | "openExceptions",
    number
  >
>;

export type IngestResult = Readonly<
  Record<"received" | "inserted" | "updated" | "unchanged", number>
>;

/** The fields of an export job that the demo and the chaos runner use (docs/api.md §2). */
export type ExportJob = {
  readonly id: string;
  readonly reportType: string;
  readonly format: string;
  readonly status: string;
  readonly attempts: number;
  readonly sha256?: string;
  readonly recordsWritten: number;
  readonly bytesWritten: number;
  readonly percent?: number;
  readonly error?: string;
};

export type Download = {
  readonly downloadUrl: string;
  readonly fileName: string;
  readonly sha256: string;
};

export type ExportRequest = {
  readonly reportType: string;
  readonly format: string;
  readonly dateFrom: string;
  readonly dateTo: string;
};

/** A typed client of the API. */
export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions) {
  const transport = createTransport(options);
  const { call, get, post, postBody } = transport;
  return {
    address: options.address,
    findContext: (name: string) => findByName(get, "/v1/contexts", name),
    createContext: (name: string) => post<Named>("/v1/contexts", { name }),
    contextCounts: async (contextId: string) =>
      (await get<{ counts: ContextCounts }>(`/v1/contexts/${contextId}`)).counts,
    findSource: (contextId: string, name: string) =>
      findByName(get, `/v1/contexts/${contextId}/sources`, name),
    createSource: (
      contextId: string,
      source: { readonly name: string; readonly type: string; readonly side: string },
    ) => post<Named>(`/v1/contexts/${contextId}/sources`, source),
    /** Sends the records as NDJSON. */
    ingest: async (contextId: string, kind: string, records: readonly object[]) => {
      const content = records.map((record) => `${JSON.stringify(record)}\n`).join("");
      const path = `/v1/contexts/${contextId}/records/${kind}`;
      return postBody<IngestResult>(path, { type: "application/x-ndjson", content });
    },
    orderExport: async (contextId: string, request: ExportRequest) =>
      post<{ jobId: string }>(`/v1/contexts/${contextId}/export-jobs`, request),
    /** The job, and how long to wait before the next poll. */
    exportJob: async (jobId: string) => {
      const { value, retryAfterMs } = await call("GET", `/v1/export-jobs/${jobId}`);
      return { job: value as ExportJob, retryAfterMs };
    },
    /** A context's newest export jobs, at most 200. */
    exportJobs: async (contextId: string) =>
      (await get<{ items: ExportJob[] }>(`/v1/contexts/${contextId}/export-jobs?limit=200`)).items,
    download: (jobId: string) => get<Download>(`/v1/export-jobs/${jobId}/download`),
    disputes: disputeCalls(transport),
  };
}

async function findByName(
  get: Transport["get"],
  path: string,
  name: string,
): Promise<Named | undefined> {
  let cursor = "";
  for (;;) {
    const page = await get<{ items: Named[]; nextCursor?: string }>(`${path}?limit=200${cursor}`);
    const found = page.items.find((item) => item.name === name);
    if (found !== undefined || page.nextCursor === undefined) return found;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}
