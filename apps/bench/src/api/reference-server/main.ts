import { createSecretKey } from "node:crypto";
import type { AddressInfo } from "node:net";

import { createPostgresBackend, Queue, type BackendFactory, type RedisQueueBackend } from "bullmq";
import express, { type Request } from "express";
import { expressjwt } from "express-jwt";
import pg from "pg";

// The smallest server that can answer the two calls of the API benchmark: it verifies the token, runs one statement of the
// plain driver, and enqueues a new job once. It has no permissions, validation, limits, audit or logs.
const { DATABASE_URL, QUEUE_URL, JWT_SECRET, TENANT, POOL_SIZE, PORT, HOST } =
  process.env as Readonly<Record<string, string>>;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  // A single tenant: row-level security costs the reference only the policy checks.
  options: `-c app.tenant=${TENANT} -c timezone=UTC`,
});

/** No worker consumes this queue. */
const QUEUE_NAME = "reference";
const queue = /^rediss?:/.test(QUEUE_URL!)
  ? new Queue(QUEUE_NAME, { connection: { url: QUEUE_URL! } })
  : new Queue(
      QUEUE_NAME,
      { connection: { connectionString: QUEUE_URL, migrate: true, max: 4 } },
      // BullMQ's types only describe Redis; the constructor accepts both backends.
      createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>,
    );
await queue.waitUntilReady();

const app = express();
// Given a string, jsonwebtoken would first try to parse it as a public key, for every request.
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
  await queue.add(QUEUE_NAME, { tenantId: TENANT, jobId });
  response.status(202).json({ jobId, status: "QUEUED" });
});

const server = app.listen(Number(PORT), HOST!, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "listening", port })}\n`);
});
process.once("SIGTERM", () => process.exit(0));
