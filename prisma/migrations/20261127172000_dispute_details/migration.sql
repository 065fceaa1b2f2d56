SELECT lock_table_with_retry('disputes');
-- What is at stake, by when, who has it, and what came of it (docs/api.md §8). The data migration dispute-amounts fills in
-- existing rows.
ALTER TABLE disputes
  ADD COLUMN disputed_amount numeric(28, 8) CHECK (disputed_amount >= 0),
  ADD COLUMN recovered_amount numeric(28, 8) CHECK (recovered_amount >= 0),
  ADD COLUMN currency text,
  ADD COLUMN respond_by timestamptz(3) CHECK (respond_by >= '0001-01-01Z' AND respond_by < '10000-01-01Z'),
  ADD COLUMN assigned_to text,
  ADD COLUMN reference text,
  -- As in exceptions: the disputed amount as text that sorts like the number.
  ADD COLUMN amount_key text COLLATE "C" NOT NULL DEFAULT '',
  ADD CONSTRAINT disputes_recovered_when_won CHECK (recovered_amount IS NULL OR (state = 'WON' AND recovered_amount <= disputed_amount));

ALTER TABLE evidence ADD COLUMN kind text NOT NULL DEFAULT 'OTHER' CHECK (kind IN ('BANK_STATEMENT', 'LEDGER_EXTRACT', 'INVOICE',
  'RECEIPT', 'CONTRACT', 'CORRESPONDENCE', 'REFUND_CONFIRMATION', 'OTHER'));

-- Derives the sort key, and what the previous release does not set: all of the transaction is disputed, and a dispute that is
-- won recovers all of it.
CREATE FUNCTION derive_dispute_amounts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF NEW.disputed_amount IS NULL THEN
    SELECT abs(t.amount), t.currency INTO NEW.disputed_amount, NEW.currency
    FROM public.exceptions e JOIN public.transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
    WHERE e.tenant_id = NEW.tenant_id AND e.id = NEW.exception_id;
  END IF;
  -- Without an exception, the foreign key refuses the row.
  NEW.amount_key := coalesce(public.amount_key(NEW.disputed_amount), '');
  IF NEW.state = 'WON' AND NEW.recovered_amount IS NULL THEN
    NEW.recovered_amount := NEW.disputed_amount;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER disputes_derive_amounts BEFORE INSERT OR UPDATE ON disputes
  FOR EACH ROW EXECUTE FUNCTION derive_dispute_amounts();
