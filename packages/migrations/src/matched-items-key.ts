import { inSteps, whenLocked } from "./steps.ts";

/**
 * The primary key of `matched_items` holds all of its columns, so that a MATCHED export reads only the index, except for pages
 * that have not been vacuumed since their last change.
 *
 * While the index is built, which takes about two seconds per million rows, ingests wait that write to the table: those of match groups,
 * and those that change the date of a transaction. Reads do not. Replacing the key takes no time, but waits for all readers. Until then
 * the table has both indexes.
 */
export const matchedItemsKey = inSteps("matched-items-key", [
  {
    name: "build",
    run: (tx) =>
      whenLocked(tx, ["matched_items"], "SHARE", () =>
        tx.query(`
          CREATE UNIQUE INDEX matched_items_in_order
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
