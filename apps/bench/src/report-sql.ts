import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { PRINT_REPORT_PROGRAM } from "./programs.ts";
import type { Scene } from "./seed.ts";

const run = promisify(execFile);

/** The COPY that the worker sends for a scene's MATCHED report, as the worker's own tool prints it. */
export async function workersCopy(format: string, scene: Scene): Promise<string> {
  const { contextId, dateFrom, dateTo } = scene;
  const args = [PRINT_REPORT_PROGRAM, "MATCHED", format, contextId, dateFrom, dateTo];
  const { stdout } = await run(process.execPath, args);
  return stdout.trim().replace(/;$/, "");
}

/** The same rows and columns as plain CSV: what somebody would write by hand who needs no guard and no format. */
export function plainCopy({ contextId, dateFrom, dateTo }: Scene): string {
  return `COPY (
  SELECT t.id, i.match_group_id, t.source_id, i.amount, t.currency, t.date, t.external_id, s.name, t.description, g.rule,
    g.confidence
  FROM transactions t
    JOIN match_group_items i ON i.tenant_id = t.tenant_id AND i.transaction_id = t.id
    JOIN match_groups g ON g.tenant_id = i.tenant_id AND g.id = i.match_group_id
    LEFT JOIN sources s ON s.tenant_id = t.tenant_id AND s.id = t.source_id
  WHERE t.context_id = '${contextId}' AND g.context_id = '${contextId}' AND g.status = 'CONFIRMED'
    AND t.date >= '${dateFrom} 00:00:00Z' AND t.date < '${dateTo} 00:00:00Z'::timestamptz + interval '1 day'
  ORDER BY t.date, t.id, i.match_group_id
) TO STDOUT (FORMAT csv)`;
}
