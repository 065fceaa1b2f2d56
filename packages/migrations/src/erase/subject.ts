import type pg from "pg";

/** What the path of a subject names. */
export type SubjectPath = { readonly kind: keyof typeof FIND; readonly id: string };

/** The rows that hold the texts of a subject. */
export type Subject = {
  readonly tenantId: string;
  readonly contextId: string;
  readonly transactionId: string | null;
  readonly exceptionId: string | null;
  readonly disputeIds: readonly string[];
};

const PATH =
  /^\/v1\/(dispute|exception|transaction)s\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

export function subjectOf(path: string): SubjectPath | undefined {
  const [, kind, id] = PATH.exec(path) ?? [];
  if (kind === undefined || id === undefined) return undefined;
  return { kind: kind.toLowerCase() as keyof typeof FIND, id: id.toLowerCase() };
}

/** An exception shows the texts of its transaction, and its disputes are about it: all three are erased together. */
const OF_EXCEPTION = `
  coalesce((SELECT array_agg(d.id ORDER BY d.id) FROM disputes d WHERE d.tenant_id = e.tenant_id AND d.exception_id = e.id), '{}') AS "disputeIds"`;

const FIND = {
  dispute: `
    SELECT context_id AS "contextId", NULL AS "transactionId", NULL AS "exceptionId", ARRAY[id] AS "disputeIds"
    FROM disputes WHERE tenant_id = $1 AND id = $2`,
  exception: `
    SELECT e.context_id AS "contextId", e.transaction_id AS "transactionId", e.id AS "exceptionId", ${OF_EXCEPTION}
    FROM exceptions e WHERE e.tenant_id = $1 AND e.id = $2`,
  transaction: `
    SELECT t.context_id AS "contextId", t.id AS "transactionId", e.id AS "exceptionId", ${OF_EXCEPTION}
    FROM transactions t LEFT JOIN exceptions e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
    WHERE t.tenant_id = $1 AND t.id = $2`,
} as const;

/** Undefined if the tenant has no such resource. */
export async function findSubject(
  client: pg.Client,
  tenantId: string,
  { kind, id }: SubjectPath,
): Promise<Subject | undefined> {
  const { rows } = await client.query<Omit<Subject, "tenantId">>(FIND[kind], [tenantId, id]);
  return rows[0] && { ...rows[0], tenantId };
}

/** The subjects of the events about it. */
export const pathsOf = ({ exceptionId, disputeIds }: Subject): readonly string[] => [
  ...(exceptionId === null ? [] : [`/v1/exceptions/${exceptionId}`]),
  ...disputeIds.map((id) => `/v1/disputes/${id}`),
];
