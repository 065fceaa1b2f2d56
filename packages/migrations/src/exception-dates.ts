import { inBatches } from "./batches.ts";

/**
 * Copies the date of its transaction to each exception from before the column (prisma/migrations/20261129030000_exception_dates).
 *
 * `t.date` is that of the statement's snapshot, and the transaction is not locked. That is safe because a process that changes a date
 * also sets that of the exception, by a trigger in the same transaction: if it has committed, `pending` is false once the exception is
 * locked; if it has not, its trigger waits for the lock and overwrites the old date.
 */
export const exceptionDates = inBatches({
  // Workers ask the function is_data_migrated for this name.
  name: "exception-dates",
  table: "exceptions",
  pending: "date IS NULL",
  update: `
    UPDATE exceptions e SET date = t.date
    FROM batch b, transactions t
    WHERE e.tenant_id = b.tenant_id AND e.id = b.id AND t.tenant_id = e.tenant_id AND t.id = e.transaction_id`,
});
