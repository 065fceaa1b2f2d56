import { counters, matchedItemCounters } from "./counters.ts";
import type { DataMigration } from "./data.ts";
import { disputeAmounts } from "./dispute-amounts.ts";
import { exceptionDates } from "./exception-dates.ts";
import { exceptionDatesRequired } from "./exception-dates-required.ts";
import { exceptionTransactions } from "./exception-transactions.ts";
import { matchedItems } from "./matched-items.ts";
import { matchedItemsKey } from "./matched-items-key.ts";
import { transactionSources } from "./transaction-sources.ts";

/** The data migrations of all releases, in the order in which they run. */
export const dataMigrations: readonly DataMigration[] = [
  exceptionTransactions,
  disputeAmounts,
  matchedItems,
  counters,
  transactionSources,
  matchedItemsKey,
  exceptionDates,
  exceptionDatesRequired,
  matchedItemCounters,
];
