import { inSteps, whenLocked } from "./steps.ts";

/**
 * The primary key of `matched_items` holds all of its columns, so that a MATCHED export reads the index alone, wherever the table
 * holds the rows.
 *
 * Building it blocks ingests of match groups for some seconds per million rows, and no reads. Taking it into use takes no
 * time, but needs the table without any reader. Until then both indexes are there.
 */
export const matchedItemsKey = inSteps("matched-items-key", [
  {
    name: "build",
    run: (tx) =>
      whenLocked(tx, ["matched_items"], "SHARE", () =>
        tx.query(`
          CREATE UNIQUE INDEX IF NOT EXISTS matched_items_in_order
          ON matched_items (tenant_id, context_id, date, transaction_id, match_group_id)
          INCLUDE (source_id, amount, rule, confidence)`),
      ),
  },
  {
    name: "replace",
    run: (tx) =>
      whenLocked(tx, ["matched_items"], "ACCESS EXCLUSIVE", () =>
        tx.query(`
          ALTER TABLE matched_items
            DROP CONSTRAINT matched_items_pkey,
            ADD CONSTRAINT matched_items_pkey PRIMARY KEY USING INDEX matched_items_in_order`),
      ),
  },
]);
