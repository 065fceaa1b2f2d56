import type { DisputeEventType, ExceptionEventType } from "@docket/domain";
import { currentTenant, Prisma, type Transaction } from "../database/index.ts";

/** Who acts, and in which request. */
export type Actor = { readonly actor: string; readonly requestId: string };

/** The audited actions (docs/api.md §4). Webhooks will publish these names. */
export type AuditAction =
  | "export-job.created"
  | "export-job.canceled"
  | "export-job.downloaded"
  | "evidence.downloaded"
  | `exception.${ExceptionEventType}`
  | "dispute.archived"
  | "dispute.due-soon"
  | "dispute.overdue"
  | `dispute.${DisputeEventType}`;

/** The actor of what upkeep does by itself. */
export const UPKEEP_ACTOR = "docket";

/** An audit event to write for each changed row. */
export type AuditEntry = { readonly by: Actor; readonly action: AuditAction };

/** Writes an audit event. Pass the transaction of the audited change, so that both commit together. */
export const recordAudit = (
  tx: Transaction,
  by: Actor,
  action: AuditAction,
  subject: string,
): Promise<void> => recordAudits(tx, by, [[action, subject]]);

/** {@link recordAudit} for several changes of one request. */
export async function recordAudits(
  tx: Transaction,
  { actor, requestId }: Actor,
  events: readonly (readonly [action: AuditAction, subject: string])[],
): Promise<void> {
  const tenantId = currentTenant();
  await tx.auditEvent.createMany({
    data: events.map(([action, subject]) => ({ tenantId, actor, action, subject, requestId })),
  });
}

/**
 * An INSERT of one audit event for each row of `rows`, for a common table expression beside the change itself.
 *
 * @param rows a relation with the columns `id` and `tenant_id`.
 * @param path what precedes the id in the event's subject.
 */
export const insertAuditEvents = (
  { by, action }: AuditEntry,
  path: string,
  rows: Prisma.Sql,
): Prisma.Sql => Prisma.sql`
  INSERT INTO audit_events (tenant_id, actor, action, subject, request_id)
  SELECT tenant_id, ${by.actor}::text, ${action}::text, ${path}::text || id, ${by.requestId}::text FROM ${rows}`;
