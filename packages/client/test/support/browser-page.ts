import { createDocket, isDocketError } from "../../src/index.ts";
import { EXPORT, type PageResult, type PageSettings } from "./browser-settings.ts";

// Runs in a browser: orders, waits and verifies, and posts what it has found.

const { settings } = globalThis as unknown as { settings: PageSettings };

async function work(): Promise<PageResult> {
  const { baseUrl, token, contextId, exceptionId } = settings;
  const docket = createDocket({ baseUrl, token });
  let streamed = 0;
  const to = new WritableStream<Uint8Array>({
    write: (chunk) => void (streamed += chunk.length),
  });
  const saved = await docket.exportJobs.run(contextId, EXPORT, { to });

  const progress: number[] = [];
  const { id } = await docket.disputes.create(exceptionId, { category: "OTHER", description: "x" });
  const file = new Blob(["reference,amount\n1,1.5\n"], { type: "text/csv" });
  const about = { comment: "Statement", fileName: "statement.csv" };
  const { evidence } = await docket.evidence.upload(id, file, about, {
    onProgress: (sent) => progress.push(sent),
  });
  async function* records() {
    yield { source: "Bank", externalId: "B1", amount: "1", currency: "EUR", date: "2026-01-15" };
  }
  const { inserted } = await docket.records.push(contextId, "transactions", records());
  const refused = await docket.exportJobs.cancel(saved.job.id).catch((error: unknown) => error);
  return {
    streamed,
    sizeBytes: saved.sizeBytes,
    rows: saved.job.recordsWritten,
    evidence: evidence.length,
    lastProgress: progress.at(-1),
    inserted,
    isRefused: isDocketError(refused, "export_not_cancelable"),
  };
}

const result = await work().catch((error: unknown) => ({ error: String(error) }));
await fetch("/result", { method: "POST", body: JSON.stringify(result) });
