-- Reads all transactions, and blocks neither reads nor writes. In a transaction of its own, because that of the previous migration
-- holds a lock which blocks writes.
ALTER TABLE transactions VALIDATE CONSTRAINT transactions_source_in_context_fkey;
