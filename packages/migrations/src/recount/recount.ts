import { withOwner } from "../owner.ts";

/** A counter that was wrong. */
export type Correction = {
  /** What the counter counts, with what divides it. */
  readonly counter: string;
  readonly stored: Value;
  readonly counted: Value;
};

/** The number of rows and the sum of their amounts, a decimal string. */
type Value = { readonly count: string; readonly amount: string };

/**
 * Recounts a context and corrects its counters, in one transaction, beside running processes (docs/decisions/0015).
 *
 * @param ownerUrl a login that owns the tables.
 * @returns the counters that were wrong; undefined if there is no such context.
 */
export const recount = (
  ownerUrl: string,
  contextId: string,
): Promise<readonly Correction[] | undefined> =>
  withOwner(ownerUrl, "docket-recount", async (client) => {
    const contexts = await client.query("SELECT FROM contexts WHERE id = $1", [contextId]);
    if (contexts.rowCount === 0) return undefined;
    return (await client.query<Correction>(REPAIR, [contextId])).rows;
  });

const REPAIR = `
  SELECT concat_ws(' ', r.name,
           CASE WHEN isfinite(r.at) THEN to_char(r.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
           nullif(r.currency, ''), nullif(r.label, ''),
           (SELECT 'of source ' || s.id FROM sources s WHERE s.tenant_id = c.tenant_id AND s.id = r.source_id)) AS counter,
         json_build_object('count', r.stored_count::text, 'amount', trim_scale(r.stored_amount)::text) AS stored,
         json_build_object('count', r.count::text, 'amount', trim_scale(r.amount)::text) AS counted
  FROM contexts c CROSS JOIN LATERAL repair_counters(c.tenant_id, c.id) r
  WHERE c.id = $1`;
