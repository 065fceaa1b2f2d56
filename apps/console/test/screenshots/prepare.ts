import { createDocket } from "@docket/client";

import type { Demo } from "./start-demo.ts";

/** Orders exports, so that their list shows each kind of row. @returns the demo's context */
export async function prepareExports({ address, token }: Demo): Promise<string> {
  const docket = createDocket({ baseUrl: address, token });
  const [context] = (await docket.contexts.list({ limit: 1 }).page()).items;
  const contextId = context?.id ?? "";
  const orders = [
    { reportType: "MATCHED", format: "CSV", compression: "GZIP" },
    { reportType: "VARIANCE", format: "JSON" },
    { reportType: "EXCEPTIONS", format: "XLSX" },
    { reportType: "UNMATCHED", format: "XLSX" },
  ];
  for (const order of orders) {
    const { jobId } = await docket.exportJobs.create(contextId, order);
    await docket.exportJobs.waitFor(jobId);
  }
  const { jobId } = await docket.exportJobs.create(contextId, {
    reportType: "MATCHED",
    format: "XML",
  });
  await docket.exportJobs.cancel(jobId);
  return contextId;
}
