import { disputeCalls } from "./disputes.ts";

/** An answer of the API that is not of the 2xx kind. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, status: number, code: string | undefined) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

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

/** What the demo and the chaos run read of an export job (contract §2). */
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

/** The API as any client sees it: over HTTP, with a token. */
export type Client = ReturnType<typeof createClient>;

/** Opens the API at an address; calls end when the signal says so. */
export function createClient(options: {
  readonly address: string;
  readonly token: string;
  readonly signal?: AbortSignal;
}) {
  const { address, token, signal } = options;

  const call = async (
    method: string,
    path: string,
    body?: { readonly type: string; readonly content: string | Uint8Array<ArrayBuffer> },
  ): Promise<{ readonly answer: unknown; readonly retryAfterMs: number }> => {
    const response = await reach(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": body.type }),
      },
      ...(body !== undefined && { body: body.content }),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(`${method} ${path}`, response.status, text);
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    const retryAfterMs = Number.isFinite(seconds) ? Math.max(seconds, 0) * 1_000 : 1_000;
    return { answer: text === "" ? undefined : JSON.parse(text), retryAfterMs };
  };

  const get = async <T>(path: string): Promise<T> => (await call("GET", path)).answer as T;
  const post = async <T>(path: string, value: unknown): Promise<T> => {
    const body = { type: "application/json", content: JSON.stringify(value) };
    return (await call("POST", path, body)).answer as T;
  };
  const postFile = async <T>(
    path: string,
    type: string,
    content: Uint8Array<ArrayBuffer>,
  ): Promise<T> => (await call("POST", path, { type, content })).answer as T;

  const findByName = async (path: string, name: string): Promise<Named | undefined> => {
    let cursor = "";
    for (;;) {
      const page = await get<{ items: Named[]; nextCursor?: string }>(`${path}?limit=200${cursor}`);
      const found = page.items.find((item) => item.name === name);
      if (found !== undefined || page.nextCursor === undefined) return found;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
  };

  return {
    address,
    findContext: (name: string) => findByName("/v1/contexts", name),
    createContext: (name: string) => post<Named>("/v1/contexts", { name }),
    contextCounts: async (contextId: string) =>
      (await get<{ counts: ContextCounts }>(`/v1/contexts/${contextId}`)).counts,
    findSource: (contextId: string, name: string) =>
      findByName(`/v1/contexts/${contextId}/sources`, name),
    createSource: (
      contextId: string,
      source: { readonly name: string; readonly type: string; readonly side: string },
    ) => post<Named>(`/v1/contexts/${contextId}/sources`, source),
    /** Sends records as NDJSON. */
    ingest: async (contextId: string, kind: string, records: readonly object[]) => {
      const content = records.map((record) => `${JSON.stringify(record)}\n`).join("");
      const path = `/v1/contexts/${contextId}/records/${kind}`;
      return (await call("POST", path, { type: "application/x-ndjson", content }))
        .answer as IngestResult;
    },
    orderExport: async (contextId: string, request: ExportRequest) =>
      post<{ jobId: string }>(`/v1/contexts/${contextId}/export-jobs`, request),
    /** The job, and how long to wait before asking again. */
    exportJob: async (jobId: string) => {
      const { answer, retryAfterMs } = await call("GET", `/v1/export-jobs/${jobId}`);
      return { job: answer as ExportJob, retryAfterMs };
    },
    /** A context's newest export jobs, 200 at the most. */
    exportJobs: async (contextId: string) =>
      (await get<{ items: ExportJob[] }>(`/v1/contexts/${contextId}/export-jobs?limit=200`)).items,
    download: (jobId: string) => get<Download>(`/v1/export-jobs/${jobId}/download`),
    disputes: disputeCalls({ get, post, postFile }),
  };
}

/** `fetch`, with a reason when there is no answer. */
export async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    request.signal?.throwIfAborted();
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    const { origin } = new URL(url);
    const reason = cause?.code ?? cause?.message ?? message;
    throw new Error(`${origin} does not answer (${reason})`, { cause: error });
  }
}

function refusal(request: string, status: number, text: string): ApiError {
  let problem: { detail?: string; title?: string; code?: string; errors?: unknown[] } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    // Not ours, or cut short: the status says enough.
  }
  const [first] = problem.errors ?? [];
  const said = [problem.detail ?? problem.title, first === undefined ? "" : JSON.stringify(first)];
  return new ApiError(
    `${request} answered ${status}: ${said.filter(Boolean).join(" ")}`,
    status,
    problem.code,
  );
}
