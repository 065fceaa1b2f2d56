import type pg from "pg";
import { eraseAnswersAbout } from "./answers.ts";
import { eraseEventsAbout } from "./events.ts";
import { inRetriedTransaction } from "../transaction.ts";
import { waitForReaders, waitUntil, withoutZeros, type Counts } from "./steps.ts";
import { pathsOf, type Subject } from "./subject.ts";

/** What stands in place of a text that must not be empty. */
const ERASED = "[erased]";

const COUNT = `
  SELECT (SELECT count(*) FROM transactions WHERE tenant_id = $1 AND id = $2)::int AS transactions,
    (SELECT count(*) FROM exceptions WHERE tenant_id = $1 AND id = $3)::int AS exceptions,
    cardinality($4::uuid[]) AS disputes,
    (SELECT count(*) FROM evidence WHERE tenant_id = $1 AND dispute_id = ANY ($4))::int AS evidence,
    (SELECT count(*) FROM events WHERE tenant_id = $1 AND subject = ANY ($5::text[]) AND data IS NOT NULL)::int AS events`;

/** What {@link eraseSubject} erases. */
export async function countSubject(client: pg.Client, subject: Subject): Promise<Counts> {
  const { tenantId, transactionId, exceptionId, disputeIds } = subject;
  const values = [tenantId, transactionId, exceptionId, disputeIds, pathsOf(subject)];
  const { rows } = await client.query<Counts>(COUNT, values);
  return withoutZeros(rows[0] ?? {});
}

/**
 * Erases the personal texts of a subject, beside running processes. Amounts, dates, states, identifiers and who acted remain.
 *
 * Safe to stop between any two statements and to repeat: each one finds what is left by the rows of the subject, which stay. Objects
 * are given to the orphan sweeper in the transaction that deletes the rows that name them.
 */
export async function eraseSubject(client: pg.Client, subject: Subject): Promise<void> {
  const { tenantId, contextId, transactionId, exceptionId, disputeIds } = subject;
  for (const disputeId of disputeIds) await runAll(client, DISPUTE, [tenantId, disputeId]);
  if (exceptionId !== null) await runAll(client, EXCEPTION, [tenantId, exceptionId]);
  if (transactionId !== null) await runAll(client, TRANSACTION, [tenantId, transactionId]);
  // From here on, nothing reads the texts any more. What follows are the copies.
  await waitForReaders(client, ["transactions", "exceptions", "disputes", "evidence"]);
  const paths = pathsOf(subject);
  await eraseEventsAbout(client, tenantId, paths);
  const ids = [exceptionId, ...disputeIds].filter((id) => id !== null);
  await eraseAnswersAbout(client, tenantId, ids);
  await eraseEchoes(client, tenantId, paths);
  if (transactionId !== null) await runAll(client, EXPORT_FILES, [tenantId, contextId]);
}

const runAll = (
  client: pg.Client,
  statements: readonly string[],
  values: readonly unknown[],
): Promise<void> =>
  inRetriedTransaction(client, async () => {
    for (const statement of statements) await client.query(statement, [...values]);
  });

/**
 * The first statement waits for changes in progress. The new version makes copies of clients stale, and refuses changes that are
 * based on them.
 */
const DISPUTE = [
  `UPDATE disputes d
   SET version = d.version + 1, description = '${ERASED}', assigned_to = NULL, reference = NULL,
       resolution = CASE WHEN d.resolution IS NOT NULL THEN '${ERASED}' END,
       reopen_reason = CASE WHEN d.reopen_reason IS NOT NULL THEN '${ERASED}' END
   WHERE d.tenant_id = $1 AND d.id = $2
     AND (d.description <> '${ERASED}' OR d.resolution <> '${ERASED}' OR d.reopen_reason <> '${ERASED}'
       OR num_nonnulls(d.assigned_to, d.reference) > 0
       OR EXISTS (SELECT FROM evidence e WHERE e.tenant_id = d.tenant_id AND e.dispute_id = d.id))`,
  `UPDATE dispute_events SET note = '${ERASED}'
   WHERE tenant_id = $1 AND dispute_id = $2 AND note <> '${ERASED}'`,
  `WITH deleted AS (
     DELETE FROM evidence WHERE tenant_id = $1 AND dispute_id = $2 RETURNING id, object_key)
   UPDATE stored_objects o SET owner = 'orphan:' || d.id, committed_at = NULL
   FROM deleted d WHERE o.tenant_id = $1 AND o.key = d.object_key`,
];

/** An exception shows the description of its transaction, which is erased after it. */
const EXCEPTION = [
  `UPDATE exceptions e
   SET version = e.version + 1, assigned_to = NULL,
       reason = CASE WHEN e.reason IS NOT NULL THEN '${ERASED}' END,
       resolution_type = CASE WHEN e.resolution_type IS NOT NULL THEN '${ERASED}' END,
       resolution_notes = CASE WHEN e.resolution_notes IS NOT NULL THEN '${ERASED}' END
   WHERE e.tenant_id = $1 AND e.id = $2
     AND (e.reason <> '${ERASED}' OR e.resolution_type <> '${ERASED}' OR e.resolution_notes <> '${ERASED}'
       OR e.assigned_to IS NOT NULL
       OR EXISTS (
         SELECT FROM transactions t
         WHERE t.tenant_id = e.tenant_id AND t.id = e.transaction_id AND t.description IS NOT NULL))`,
  `UPDATE exception_events e
   SET note = CASE WHEN e.note IS NOT NULL THEN '${ERASED}' END,
       changes = (
         SELECT coalesce(jsonb_agg(CASE WHEN c.value ->> 'field' IN ('reason', 'assignedTo', 'resolutionType', 'resolutionNotes')
                                   THEN c.value - 'from' - 'to' ELSE c.value END ORDER BY c.place), '[]')
         FROM jsonb_array_elements(e.changes) WITH ORDINALITY AS c (value, place))
   WHERE e.tenant_id = $1 AND e.exception_id = $2`,
];

const TRANSACTION = [
  `UPDATE transactions SET description = NULL
   WHERE tenant_id = $1 AND id = $2 AND description IS NOT NULL`,
];

/**
 * Files expire at once, and the retention sweeper deletes them. Workers lose running exports, which may have read the texts: another
 * attempt follows, as after the loss of a worker.
 */
const EXPORT_FILES = [
  `UPDATE export_jobs
   SET expires_at = CASE WHEN status = 'SUCCEEDED' THEN least(expires_at, now()) ELSE expires_at END,
       holder = CASE WHEN status = 'RUNNING' THEN gen_random_uuid() ELSE holder END,
       lease_until = CASE WHEN status = 'RUNNING' THEN now() - interval '1 second' END
   WHERE tenant_id = $1 AND context_id = $2 AND status IN ('RUNNING', 'SUCCEEDED')`,
];

/**
 * Removes the answers of receivers to webhooks: they may repeat the event. The attempts that had begun are recorded first; later ones
 * send the event without its data.
 */
async function eraseEchoes(
  client: pg.Client,
  tenantId: string,
  paths: readonly string[],
): Promise<void> {
  await waitUntil(async () => {
    const { rowCount } = await client.query(RUNNING_ATTEMPTS, [tenantId, paths]);
    return rowCount === 0;
  });
  await runAll(client, [ECHOES], [tenantId, paths]);
}

const DELIVERIES = `
  SELECT d.* FROM webhook_endpoints w
  JOIN webhook_deliveries d ON d.tenant_id = w.tenant_id AND d.endpoint_id = w.id
  WHERE w.tenant_id = $1 AND d.seq = ANY (ARRAY(
    SELECT seq FROM events WHERE tenant_id = $1 AND subject = ANY ($2::text[])))`;

const RUNNING_ATTEMPTS = `SELECT FROM (${DELIVERIES}) d WHERE d.lease_until > now() LIMIT 1`;

const ECHOES = `
  UPDATE webhook_deliveries u
  SET attempts = (SELECT jsonb_agg(a.value - 'responseBody' ORDER BY a.place)
                  FROM jsonb_array_elements(u.attempts) WITH ORDINALITY AS a (value, place))
  FROM (${DELIVERIES}) d
  WHERE u.tenant_id = d.tenant_id AND u.id = d.id AND jsonb_path_exists(u.attempts, '$[*].responseBody')`;
