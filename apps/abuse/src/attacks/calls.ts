import type { Call, Target } from "../attacker/tenant.ts";

const NDJSON = { "content-type": "application/x-ndjson" } as const;

export const postJson = (path: string, body: object): Call => ({
  method: "POST",
  path,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Loads transactions. */
export const postRecords = (
  { contextId }: Target,
  body?: Call["body"],
  headers: Call["headers"] = NDJSON,
): Call => ({
  method: "POST",
  path: `/v1/contexts/${contextId}/records/transactions`,
  headers,
  ...(body !== undefined && { body }),
});

/** Uploads evidence. */
export const postFile = (
  disputeId: string,
  type: string,
  body?: Call["body"],
  fileName = "a.csv",
): Call => ({
  method: "POST",
  path: `/v1/disputes/${disputeId}/evidence/upload?comment=abuse&fileName=${encodeURIComponent(fileName)}`,
  headers: { "content-type": type },
  ...(body !== undefined && { body }),
});

const TRANSACTION = { source: "Bank", amount: "1", currency: "EUR", date: "2026-01-01" } as const;

/** A line of NDJSON. */
export const transactionLine = (externalId: string, fields: object = {}): string =>
  `${JSON.stringify({ ...TRANSACTION, externalId, ...fields })}\n`;
