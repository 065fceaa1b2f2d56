SELECT lock_table_with_retry('exceptions');
-- A copy of the transaction's date, for UNMATCHED reports: an index cannot span two tables. NULL is filled in by the data migration
-- exception-dates; until it has finished, reports do not use the column.
ALTER TABLE exceptions ADD COLUMN date timestamptz(3);
