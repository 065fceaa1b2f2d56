import { withTenant, type Database } from "@docket/platform/database";
import type { ExportQueue } from "@docket/platform/queue";
import type { TellChange } from "./tell-change.ts";
import type { UpkeepTask } from "./timer.ts";

type Unfinished = {
  tenant_id: string;
  id: string;
  status: "QUEUED" | "RUNNING";
  claim: number;
  turn: number;
};

/** Jobs looked at in one turn, lost ones first, then by their turns: the rest come after them in any case. */
const MOST = 1_000;

/**
 * Keeps rows and queue together: a job that is due, or whose worker is gone, gets a delivery.
 *
 * A delivery that is still in the queue is not doubled (its id is the job's and the claim's), and one too many does no harm:
 * the row lets one worker through.
 */
export function reconciler(
  { prisma, pool }: Pick<Database, "prisma" | "pool">,
  queue: Pick<ExportQueue, "add">,
  tellChange: TellChange,
): UpkeepTask {
  /** RUNNING → QUEUED. Conditional on the lease: a worker that renewed it in the meantime keeps its job. */
  const takeBack = async ({ id, claim }: Unfinished): Promise<boolean> => {
    const [job] = await prisma.$queryRaw<Parameters<TellChange>[0][]>`
      UPDATE export_jobs SET status = 'QUEUED', lease_until = NULL, run_after = now()
      WHERE id = ${id}::uuid AND status = 'RUNNING' AND claim = ${claim} AND lease_until < now()
      RETURNING id, tenant_id AS "tenantId", report_type AS "reportType", format, request_id AS "requestId"`;
    if (job !== undefined) tellChange(job, "QUEUED");
    return job !== undefined;
  };

  return {
    name: "reconciler",
    run: async () => {
      const { rows } = await pool.query<Unfinished>(
        "SELECT tenant_id, id, status, claim, turn FROM upkeep_unfinished_jobs($1)",
        [MOST],
      );
      let abandoned = 0;
      // All of them before the queue is asked for anything: it may be away.
      for (const row of rows) {
        if (row.status === "RUNNING" && (await withTenant(row.tenant_id, () => takeBack(row))))
          abandoned += 1;
      }
      for (const { tenant_id: tenantId, id, claim, turn } of rows)
        await queue.add({ tenantId, jobId: id }, { claim, turn });
      return abandoned > 0 ? { abandoned, delivered: rows.length } : undefined;
    },
  };
}
