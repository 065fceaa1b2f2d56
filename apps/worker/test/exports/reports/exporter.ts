import { pipeline } from "node:stream/promises";
import { buffer } from "node:stream/consumers";
import { PassThrough } from "node:stream";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { ExportSpec } from "@docket/domain";
import { framings, reportQuery } from "@docket/reports";

/** A session like that of a worker's snapshot: the apps' role, a tenant, UTC and ISO dates. */
export async function exportSession(appUrl: string, tenantId: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query("SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'");
  await client.query("SELECT set_config('app.tenant', $1, false)", [tenantId]);
  return client;
}

/** The whole file, with the row counts of COPY's command tag (`rows`) and of the count query (`counted`). */
export async function exportFile(
  session: pg.Client,
  spec: ExportSpec,
): Promise<{ text: string; rows: number; counted: number }> {
  const query = reportQuery(spec, pg.escapeLiteral);
  const copy = session.query(copyTo(query.copySql(spec.format)));
  const sink = new PassThrough();
  const [bytes] = await Promise.all([
    buffer(sink),
    pipeline(copy, framings[spec.format].frame(spec), sink),
  ]);
  const counted = await session.query<{ count: string }>(query.countSql);
  return {
    text: bytes.toString("utf8"),
    rows: copy.rowCount,
    counted: Number(counted.rows[0]?.count),
  };
}
