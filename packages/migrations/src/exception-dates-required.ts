import { inSteps, whenLocked } from "./steps.ts";

/**
 * Every exception has the date of its transaction, also where triggers are off, as in a restore: an UNMATCHED file would leave out an
 * exception without it.
 */
export const exceptionDatesRequired = inSteps("exception-dates-required", [
  {
    name: "add",
    run: (tx) =>
      whenLocked(tx, ["exceptions"], "ACCESS EXCLUSIVE", () =>
        tx.query(`
          ALTER TABLE exceptions
            DROP CONSTRAINT IF EXISTS exceptions_have_date,
            ADD CONSTRAINT exceptions_have_date CHECK (date IS NOT NULL) NOT VALID`),
      ),
  },
  // Reads all exceptions, and blocks neither reads nor writes.
  {
    name: "validate",
    run: async (tx) => {
      await tx.query("ALTER TABLE exceptions VALIDATE CONSTRAINT exceptions_have_date");
      return true;
    },
  },
]);
