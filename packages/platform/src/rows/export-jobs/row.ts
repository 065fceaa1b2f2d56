import pg from "pg";
import { Prisma } from "../../database/index.ts";

/** An export job with all columns, as Prisma returns it. */
export type ExportJobRow = Prisma.ExportJobGetPayload<object>;

/**
 * Reads a job as `prisma.exportJob.findFirst` does, through the plain driver.
 *
 * Clients poll with this statement. Building and reading a query through Prisma would double the CPU time of the call.
 */
export async function readExportJob(pool: pg.Pool, id: string): Promise<ExportJobRow | undefined> {
  const { rows } = await pool.query<ExportJobRow>({ ...BY_ID, values: [id] });
  return rows[0];
}

const column = (field: string): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const COLUMNS = Object.values(Prisma.ExportJobScalarFieldEnum).map(
  (field) => `${column(field)} AS "${field}"`,
);

/** Prisma's parsing of the types that the driver parses differently. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.INT8]: BigInt,
  [pg.types.builtins.DATE]: (text) => new Date(`${text}T00:00:00.000Z`),
};

const BY_ID: pg.QueryConfig = {
  // Named: each connection plans it once.
  name: "export-job-by-id",
  text: `SELECT ${COLUMNS.join(", ")} FROM export_jobs WHERE id = $1::uuid`,
  types: {
    getTypeParser: (type: Parameters<typeof pg.types.getTypeParser>[0]) =>
      PARSERS[type] ?? pg.types.getTypeParser(type),
  },
};
