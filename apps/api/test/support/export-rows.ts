import { withTenant } from "@docket/platform/database";
import type { Stage } from "./stage.ts";

const SHA256 = "ab".repeat(32);

/** What only a worker writes. */
export type JobState = {
  readonly status: string;
  readonly objectKey?: string;
  readonly fileName?: string;
  readonly sha256?: string;
  readonly contentSha256?: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly expiresAt?: Date;
  readonly leaseUntil?: Date;
  readonly asOf?: Date;
  readonly recordsWritten?: bigint;
  readonly recordsExpected?: bigint;
  readonly bytesWritten?: bigint;
  readonly error?: string;
  readonly errorCode?: string;
};

/** A job as a worker leaves it when all went well. */
export const succeeded = (overrides: Partial<JobState> = {}): JobState => ({
  status: "SUCCEEDED",
  objectKey: "t/exports/c/j/1-MATCHED.csv",
  fileName: "MATCHED_00000000_20260101-20260131.csv",
  sha256: SHA256,
  startedAt: new Date(),
  finishedAt: new Date(),
  asOf: new Date(),
  expiresAt: new Date(Date.now() + 7 * 86_400_000),
  recordsWritten: 12n,
  recordsExpected: 12n,
  bytesWritten: 345n,
  ...overrides,
});

/** Writes what a worker would have written. */
export async function setJob(
  stage: Stage,
  tenantId: string,
  id: string,
  state: JobState,
): Promise<void> {
  await withTenant(tenantId, () =>
    stage.context.database.prisma.exportJob.updateMany({ where: { id }, data: state }),
  );
}
