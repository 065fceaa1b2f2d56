import { withTenant } from "@docket/platform/database";
import { processTreeCpuSeconds, processUsage, resetPeakMemory } from "@docket/testing";

import type { BenchStack } from "../stack.ts";
import { TENANT } from "../tenant.ts";
import type { ExportJobs } from "./jobs.ts";
import type { ExportKind } from "./kind.ts";
import type { SeededContext } from "./seed.ts";

export type MeasuredExport = {
  /** From RUNNING to SUCCEEDED, by the database's clock. */
  readonly seconds: number;
  readonly megabytes: number;
  /** CPU time of the worker; undefined where the system does not report it. */
  readonly cpuSeconds: number | undefined;
  /** CPU time of the Postgres server and its connections. */
  readonly postgresCpuSeconds: number | undefined;
  /** Peak memory of the worker during the export. */
  readonly peakRssMb: number | undefined;
};

/** @throws Error when the export fails or its row count is wrong. */
export type Exporter = (
  kind: ExportKind,
  context: SeededContext,
  workerPid: number,
) => Promise<MeasuredExport>;

export const createExporter =
  (stack: Pick<BenchStack, "postgres">, jobs: ExportJobs): Exporter =>
  (kind, context, workerPid) =>
    withTenant(TENANT, async () => {
      resetPeakMemory(workerPid);
      const before = processUsage(workerPid);
      const postgresBefore = processTreeCpuSeconds(stack.postgres.pid);
      const { seconds, rows, bytes } = await jobs.finish(await jobs.start(kind, context));
      const after = processUsage(workerPid);
      const postgresAfter = processTreeCpuSeconds(stack.postgres.pid);
      // VARIANCE sums the rows.
      if (kind.report !== "VARIANCE" && rows !== context.rows) {
        throw new Error(`The file has ${rows} rows instead of ${context.rows}`);
      }
      return {
        seconds,
        megabytes: bytes / 1e6,
        cpuSeconds: difference(before?.cpuSeconds, after?.cpuSeconds),
        postgresCpuSeconds: difference(postgresBefore, postgresAfter),
        peakRssMb: after?.peakRssMb,
      };
    });

const difference = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined ? undefined : after - before;
