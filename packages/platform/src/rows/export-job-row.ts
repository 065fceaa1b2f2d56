import pg from "pg";
import { Prisma } from "../database/generated/client.ts";

/** An export job as Prisma has it. */
export type ExportJobRow = Prisma.ExportJobGetPayload<object>;

/**
 * The scope's tenant's export job of that id, as `prisma.exportJob.findFirst` would answer.
 *
 * By the plain driver: this is the statement of the call that clients repeat until their job is done, and Prisma's way of
 * building and reading a query takes as much of a process's time as all the rest of that call.
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

/** What Prisma makes of a value, where the driver makes something else of it. */
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
