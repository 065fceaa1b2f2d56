import {
  createExportRequest,
  DocketError,
  uuid,
  validateAll,
  type CreateExportRequest,
  type ExportSpec,
} from "@docket/domain";
import { escapeLiteral } from "@docket/platform/database";
import { reportQuery } from "@docket/reports";

// Prints the COPY statement of an export, to explain it or to run it in psql:
//
//   node apps/worker/dist/print-report.js MATCHED CSV <contextId> <from> <to> [<sourceId>]
//
// The days are YYYY-MM-DD, both inclusive. The statement renders the rows of the file without head and tail. The session that runs
// it needs `timezone = 'UTC'`, `datestyle = 'ISO, YMD'` and, unless it is the owner's, `app.tenant`.
const USAGE =
  "Usage: print-report <reportType> <format> <contextId> <dateFrom> <dateTo> [<sourceId>]";

try {
  const spec = specOf(process.argv.slice(2));
  process.stdout.write(`${reportQuery(spec, escapeLiteral).copySql(spec.format)};\n`);
} catch (error) {
  if (!(error instanceof DocketError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 2;
}

/** @throws DocketError */
function specOf(given: readonly string[]): ExportSpec {
  const [reportType, format, contextId, dateFrom, dateTo, sourceId] = given;
  const body = createExportRequest.fork(["dateFrom", "dateTo"], (days) => days.required());
  const checked = validateAll<{ contextId: string; request: CreateExportRequest }>({
    contextId: { schema: uuid().required().label("contextId"), input: contextId },
    request: { schema: body, input: { reportType, format, dateFrom, dateTo, sourceId } },
  });
  return { contextId: checked.contextId, ...(checked.request as Omit<ExportSpec, "contextId">) };
}
