import { gunzipSync } from "node:zlib";
import { copyOut } from "@docket/platform/database";
import pg from "pg";
import type { ExportSpec } from "@docket/domain";
import {
  createFileWriter,
  packingOf,
  fileFormats,
  reportQuery,
  type ReportQueryOptions,
} from "@docket/reports";
import { createGrowingMemory } from "@docket/testing";

/** A session like that of a worker's snapshot: the apps' role and a tenant. */
export async function exportSession(appUrl: string, tenantId: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query("SELECT set_config('app.tenant', $1, false)", [tenantId]);
  return client;
}

/**
 * The whole file as it is stored (`bytes`) and decompressed (`text`), with the row counts of COPY's command tag (`rows`) and of the
 * count query (`counted`).
 */
export async function exportFile(
  session: pg.Client,
  spec: ExportSpec,
  options?: ReportQueryOptions,
): Promise<{ bytes: Buffer; text: string; rows: number; counted: number }> {
  const query = reportQuery(spec, pg.escapeLiteral, options);
  if (query.plannerSql !== undefined) await session.query(query.plannerSql);
  const sources = await session.query<{ id: string; name: string }>(query.sourceNamesSql);
  const memory = createGrowingMemory();
  const chunks: Buffer[] = [];
  const packing = packingOf(spec)?.((packed) => void chunks.push(packed));
  const writer = createFileWriter(memory.sink, {
    ...query,
    spec,
    format: fileFormats[spec.format],
    sourceNames: new Map(sources.rows.map(({ id, name }) => [id, name])),
    onEntry: (name) => packing?.startEntry?.(name, memory.sink.position),
  });
  const rows = await copyOut(session, query.copySql, writer.write).rows;
  writer.end();
  const counted = await session.query<{ count: string }>(query.countSql);
  const content = memory.content();
  await packing?.write(content);
  await packing?.end();
  const bytes = packing === undefined ? content : Buffer.concat(chunks);
  const text = (spec.compression === undefined ? bytes : gunzipSync(bytes)).toString();
  return { bytes, text, rows, counted: Number(counted.rows[0]?.count) };
}
