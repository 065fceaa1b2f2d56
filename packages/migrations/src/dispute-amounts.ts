import { inBatches } from "./batches.ts";

/**
 * Sets the disputed amount, its currency and, of a dispute that was won, the recovered amount
 * (prisma/migrations/20261127172000_dispute_details). The trigger of the table derives them with any update.
 */
export const disputeAmounts = inBatches({
  name: "dispute-amounts",
  table: "disputes",
  pending: "disputed_amount IS NULL",
  update: `
    UPDATE disputes d SET amount_key = '' FROM batch b
    WHERE d.tenant_id = b.tenant_id AND d.id = b.id`,
});
