import { copyOut } from "@docket/platform/database";
import pg from "pg";
import type { ExportSpec } from "@docket/domain";
import { createFileWriter, fileFormats, reportQuery, type ByteSink } from "@docket/reports";

/** A session like that of a worker's snapshot: the apps' role and a tenant. */
export async function exportSession(appUrl: string, tenantId: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query("SELECT set_config('app.tenant', $1, false)", [tenantId]);
  return client;
}

/** The whole file, with the row counts of COPY's command tag (`rows`) and of the count query (`counted`). */
export async function exportFile(
  session: pg.Client,
  spec: ExportSpec,
): Promise<{ text: string; rows: number; counted: number }> {
  const query = reportQuery(spec, pg.escapeLiteral);
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
  return { text: memory.text(), rows, counted: Number(counted.rows[0]?.count) };
}

/** Memory that grows with what is written to it. */
function createMemory(): { readonly sink: ByteSink; readonly text: () => string } {
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
  return { sink, text: () => sink.buffer.toString("utf8", 0, sink.position) };
}
