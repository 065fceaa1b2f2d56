import { setTimeout as sleep } from "node:timers/promises";

import type { Database } from "@docket/platform/database";

const TENANTS = 10;
const POLL_MS = 20;

/** An event as large as that of a dispute. */
const WRITE = `
  INSERT INTO audit_events (tenant_id, actor, action, subject, request_id, data)
  SELECT md5('tenant ' || n % $2)::uuid, 'bench', 'dispute.updated', '/v1/disputes/' || md5(n::text)::uuid, 'bench',
         jsonb_build_object('id', n, 'state', 'OPEN', 'description', repeat('x', 400), 'version', n)
  FROM generate_series(1, $1) n`;

/** Commits many events at once, and waits until the sequencers of the running processes have numbered them. @returns events a second */
export async function measureSequencer(
  { pool }: Database,
  events: number,
  signal: AbortSignal,
): Promise<number> {
  await pool.query(WRITE, [events, TENANTS]);
  const start = performance.now();
  for (;;) {
    const { rowCount } = await pool.query("SELECT FROM event_outbox LIMIT 1");
    if (rowCount === 0) return events / ((performance.now() - start) / 1_000);
    await sleep(POLL_MS, undefined, { signal });
  }
}
