import { gunzipSync } from "node:zlib";
import { copyOut } from "@docket/platform/database";
import pg from "pg";
import type { ExportSpec } from "@docket/domain";
import {
  createFileWriter,
  createGzip,
  fileFormats,
  reportQuery,
  type ByteSink,
  type ReportQueryOptions,
} from "@docket/reports";

/** A session like that of a worker's snapshot: the apps' role and a tenant. */
export async function exportSession(appUrl: string, tenantId: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query("SELECT set_config('app.tenant', $1, false)", [tenantId]);
  return client;
}

/** The whole file, decompressed, with the row counts of COPY's command tag (`rows`) and of the count query (`counted`). */
export async function exportFile(
  session: pg.Client,
  spec: ExportSpec,
  options?: ReportQueryOptions,
): Promise<{ text: string; rows: number; counted: number }> {
  const query = reportQuery(spec, pg.escapeLiteral, options);
  await session.query(query.plannerSql);
  const sources = await session.query<{ id: string; name: string }>(query.sourceNamesSql);
  const memory = createMemory();
  const writer = createFileWriter(memory.sink, {
    ...query,
    spec,
    format: fileFormats[spec.format],
    sourceNames: new Map(sources.rows.map(({ id, name }) => [id, name])),
  });
  const rows = await copyOut(session, query.copySql, writer.write).rows;
  writer.end();
  const counted = await session.query<{ count: string }>(query.countSql);
  const content = memory.content();
  const bytes = spec.compression === undefined ? content : gunzipSync(await gzipped(content));
  return { text: bytes.toString(), rows, counted: Number(counted.rows[0]?.count) };
}

async function gzipped(content: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const gzip = createGzip((bytes) => void chunks.push(bytes));
  await gzip.write(content);
  await gzip.end();
  gzip.destroy();
  return Buffer.concat(chunks);
}

/** Memory that grows with what is written to it. */
function createMemory(): { readonly sink: ByteSink; readonly content: () => Buffer } {
  const sink = {
    buffer: Buffer.alloc(1_024),
    position: 0,
    reserve: (bytes: number): void => {
      if (sink.buffer.length - sink.position >= bytes) return;
      const wider = Buffer.alloc(2 * (sink.position + bytes));
      sink.buffer.copy(wider, 0, 0, sink.position);
      sink.buffer = wider;
    },
    advance: (position: number): void => {
      sink.position = position;
    },
  };
  return { sink, content: () => sink.buffer.subarray(0, sink.position) };
}
