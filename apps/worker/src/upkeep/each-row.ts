import type { Logger } from "@docket/platform";

/**
 * Does `work` for each row, one after the other, and counts how often it did something. A row that fails is logged
 * and left to the next turn: one bad object must not keep the rest waiting.
 */
export async function countDone<Row extends object>(
  rows: readonly Row[],
  logger: Logger,
  work: (row: Row) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const row of rows) {
    try {
      if (await work(row)) done += 1;
    } catch (error) {
      logger.warn({ err: error, row }, "upkeep of a row failed; the next turn tries again");
    }
  }
  return done;
}
