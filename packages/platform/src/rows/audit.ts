import type { DisputeEventType } from "@docket/domain";
import { currentTenant, type Transaction } from "../database/index.ts";

/** Who does something, and in which request. */
export type Actor = { readonly actor: string; readonly requestId: string };

/** What is written down for ever; the names are what webhooks will send. */
export type AuditAction =
  | "export-job.created"
  | "export-job.canceled"
  | "export-job.downloaded"
  | "evidence.downloaded"
  | `dispute.${DisputeEventType}`;

/** Writes an audit event; commits together with what it tells of. */
export async function recordAudit(
  within: Transaction,
  { actor, requestId }: Actor,
  action: AuditAction,
  subject: string,
): Promise<void> {
  await within.auditEvent.create({
    data: { tenantId: currentTenant(), actor, action, subject, requestId },
  });
}
