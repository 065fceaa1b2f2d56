import {
  DocketError,
  exportRange,
  type CreateExportRequest,
  type ExportSpec,
} from "@docket/domain";
import { reportColumns } from "@docket/reports";

/**
 * The export that a request describes.
 *
 * @throws DocketError `bad_request` for a reversed or over-long range, or an unknown column.
 */
export function exportSpec(
  contextId: string,
  request: CreateExportRequest,
  now: Date,
  maxSpanDays: number,
): ExportSpec {
  const { timeZone: _timeZone, ...fields } = request;
  refuseUnknownColumns(request);
  const range = exportRange(request, Math.floor(now.getTime() / 1_000), maxSpanDays);
  return { ...fields, ...range, contextId };
}

function refuseUnknownColumns({ reportType, columns = [] }: CreateExportRequest): void {
  const known = reportColumns(reportType);
  const errors = columns.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ field: `columns.${index}`, detail: `${reportType} has no column "${name}"` }],
  );
  if (errors.length === 0) return;
  const details = errors.map(({ detail }) => detail).join("; ");
  const message = `${details}. Its columns are ${known.join(", ")}.`;
  throw new DocketError("bad_request", message, { errors });
}
