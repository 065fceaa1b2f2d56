import { createSecretKey } from "node:crypto";
import type { AddressInfo } from "node:net";

import { createPostgresBackend, Queue, type BackendFactory, type RedisQueueBackend } from "bullmq";
import express, { type Request } from "express";
import { expressjwt } from "express-jwt";
import pg from "pg";

/**
 * What the API is measured beside: the least that could answer the same two calls. The same check of the token, one statement
 * each by the plain driver, and for a new job one delivery; no permission, no validation, no limit, no audit, no log.
 */
const { DATABASE_URL, QUEUE_URL, JWT_SECRET, TENANT, POOL_SIZE, PORT, HOST } =
  process.env as Readonly<Record<string, string>>;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  // One tenant for ever: row-level security costs it nothing but the policies.
  options: `-c app.tenant=${TENANT} -c timezone=UTC`,
});

/** A name of its own in the queue that the API uses: nobody takes its deliveries. */
const NAME = "reference";
const queue = /^rediss?:/.test(QUEUE_URL!)
  ? new Queue(NAME, { connection: { url: QUEUE_URL! } })
  : new Queue(
      NAME,
      { connection: { connectionString: QUEUE_URL, migrate: true, max: 4 } },
      // The types know Redis only; the constructor takes both.
      createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>,
    );
await queue.waitUntilReady();

const app = express();
// A string in place of the key would be tried as a public key first, for each request anew.
const secret = createSecretKey(Buffer.from(JWT_SECRET!));
app.use(expressjwt({ secret, algorithms: ["HS256"] }));

app.get("/v1/export-jobs/:jobId", async (request, response) => {
  const { rows } = await pool.query("SELECT * FROM export_jobs WHERE id = $1", [
    request.params.jobId,
  ]);
  response.status(rows.length === 0 ? 404 : 200).json(rows[0]);
});

app.post("/v1/contexts/:contextId/export-jobs", express.json(), async (request, response) => {
  const { auth, body, params } = request as Request<{ contextId: string }> & {
    auth: { sub: string };
    body: Readonly<Record<"reportType" | "format" | "dateFrom" | "dateTo", string>>;
  };
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO export_jobs (tenant_id, context_id, report_type, format, date_from, date_to, requested_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [TENANT, params.contextId, body.reportType, body.format, body.dateFrom, body.dateTo, auth.sub],
  );
  const jobId = rows[0]!.id;
  await queue.add(NAME, { tenantId: TENANT, jobId });
  response.status(202).json({ jobId, status: "QUEUED" });
});

const server = app.listen(Number(PORT), HOST!, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "listening", port })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
