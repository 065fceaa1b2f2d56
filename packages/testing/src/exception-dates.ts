/**
 * Selects the exceptions whose copy of their transaction's date is missing or wrong, in all contexts. Run it as a login that sees every
 * tenant.
 */
export const EXCEPTION_DATES_DIFFERENCE = `
  SELECT t.external_id, t.date, e.date AS copy
  FROM exceptions e JOIN transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
  WHERE e.date IS DISTINCT FROM t.date`;

/** Clears the copies, as in a database from before the column. Run it as the owner. */
export const CLEAR_EXCEPTION_DATES = `
  ALTER TABLE exceptions DROP CONSTRAINT IF EXISTS exceptions_have_date;
  UPDATE exceptions SET date = NULL`;
