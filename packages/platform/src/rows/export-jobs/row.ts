import pg from "pg";
import { Prisma } from "../../database/index.ts";

/** An export job with all columns, as Prisma returns it. */
export type ExportJobRow = Prisma.ExportJobGetPayload<object>;

/** What the driver need not read and convert for a client that polls. */
const UNPOLLED = [
  "tenantId",
  "claim",
  "holder",
  "leaseUntil",
  "turn",
  "runAfter",
  "objectKey",
  "requestId",
] as const satisfies readonly (keyof ExportJobRow)[];

/** An export job with the columns that clients see. */
export type PolledExportJob = Omit<ExportJobRow, (typeof UNPOLLED)[number]>;

/**
 * Reads jobs as Prisma does, through the plain driver. Resolves with them in the order of `ids`, which are in lower case; with
 * undefined for a job that does not exist or belongs to another tenant.
 *
 * Clients poll with these statements. Building and reading a query through Prisma would double the CPU time of the call.
 */
export async function readExportJobs(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<readonly (PolledExportJob | undefined)[]> {
  const query = ids.length === 1 ? { ...BY_ID, values: [...ids] } : { ...BY_IDS, values: [ids] };
  const { rows } = await pool.query<PolledExportJob>(query);
  const jobs = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => jobs.get(id));
}

const column = (field: string): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const COLUMNS = Object.values(Prisma.ExportJobScalarFieldEnum)
  .filter((field) => !UNPOLLED.some((each) => each === field))
  .map((field) => `${column(field)} AS "${field}"`);

/** Prisma's parsing of the types that the driver parses differently. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.INT8]: BigInt,
  [pg.types.builtins.DATE]: (text) => new Date(`${text}T00:00:00.000Z`),
};

const byIds = (name: string, condition: string): pg.QueryConfig => ({
  // Named: each connection parses it once.
  name,
  text: `SELECT ${COLUMNS.join(", ")} FROM export_jobs WHERE ${condition}`,
  types: {
    getTypeParser: (type: Parameters<typeof pg.types.getTypeParser>[0]) =>
      PARSERS[type] ?? pg.types.getTypeParser(type),
  },
});

/** A statement of its own for the most frequent case: each connection plans it once. */
const BY_ID = byIds("export-job-by-id", "id = $1::uuid");

/** For fewer than about ten IDs, Postgres plans it each time: the plan for any number of IDs has a higher estimated cost. */
const BY_IDS = byIds("export-jobs-by-id", "id = ANY ($1::uuid[])");
