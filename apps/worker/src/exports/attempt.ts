import { exportFileName, exportObjectKey, type ExportSpec } from "@docket/domain";
import {
  recordUploadId,
  registerObject,
  succeedExportJob,
  type ExportJob,
  type HeldExportJob,
} from "@docket/platform/rows";
import { keepClaim } from "./heartbeat.ts";
import { AttemptStopped, StorageNotConfigured } from "./outcome.ts";
import { writeExport, type ExportMeter } from "./pipeline.ts";
import type { ExportTools } from "./tools.ts";

/** Writes the file and marks the job SUCCEEDED. Rejects with the reason if that fails. */
export async function attemptExport(job: HeldExportJob, tools: ExportTools): Promise<void> {
  const { database, storage, logger, metrics, shutdown } = tools;
  if (storage === undefined) throw new StorageNotConfigured();
  const spec = specOf(job);
  const objectKey = exportObjectKey(job);
  const fileName = exportFileName(spec);
  const started = performance.now();

  await registerObject(database.prisma, {
    key: objectKey,
    owner: { kind: "export-job", id: job.id },
  });
  let meter: ExportMeter | undefined;
  const heartbeat = keepClaim({
    job,
    tx: database.prisma,
    logger,
    shutdown,
    meter: () => meter,
    pingSource: tools.pingExportDatabase,
  });
  try {
    const file = await writeExport({
      spec,
      key: objectKey,
      fileName,
      pool: tools.exportPool,
      storage,
      bufferPool: tools.bufferPool,
      logger,
      signal: heartbeat.signal,
      onMeter: (running) => (meter = running),
      onCounted: heartbeat.beatSoon,
      onUploadId: (uploadId) =>
        void recordUploadId(database.prisma, objectKey, uploadId).catch((error: unknown) =>
          logger.warn({ err: error }, "upload ID update failed"),
        ),
    });
    const stored = { ...file, fileName, objectKey };
    const succeeded = await succeedExportJob(database, job, stored, tools.retentionDays);
    if (succeeded === undefined) throw new AttemptStopped("lost");
    const milliseconds = Math.round(performance.now() - started);
    const { recordsWritten: records, bytesWritten: bytes } = file;
    metrics.changed(succeeded);
    metrics.written(job, { seconds: milliseconds / 1_000, bytes });
    logger.info({ status: succeeded.status, records, bytes, milliseconds }, "export job succeeded");
  } finally {
    await heartbeat.stop();
  }
}

function specOf(job: ExportJob): ExportSpec {
  const { contextId, reportType, format, dateFrom, dateTo, sourceId, compression, columns } = job;
  const { timeZone, rangeFrom: from, rangeUntil: until } = job;
  return {
    contextId,
    reportType,
    format,
    dateFrom,
    dateTo,
    ...(sourceId !== null && { sourceId }),
    ...(compression !== null && { compression }),
    ...(columns.length > 0 && { columns }),
    // A CHECK of the table guarantees that a zone has a range.
    ...(timeZone !== null &&
      from !== null &&
      until !== null && { zone: { timeZone, from, until } }),
  };
}
