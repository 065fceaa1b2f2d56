import { inBatches } from "./batches.ts";

/**
 * Copies amount, currency and source of its transaction to each exception that the previous release inserted
 * (prisma/migrations/20261127171000_exception_filters).
 */
export const exceptionTransactions = inBatches({
  name: "exception-transactions",
  table: "exceptions",
  pending: "amount_key = ''",
  update: `
    UPDATE exceptions e
    SET amount_key = amount_key(t.amount), currency = t.currency, source_id = t.source_id
    FROM batch b, transactions t
    WHERE e.tenant_id = b.tenant_id AND e.id = b.id AND t.tenant_id = e.tenant_id AND t.id = e.transaction_id`,
});
