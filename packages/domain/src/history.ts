import { DocketError } from "./errors.ts";

/** The greatest number of events that people caused in one history (docs/api.md §4). */
const MAX_HISTORY_EVENTS = 1_000;

/**
 * Checks that a history can take one more event.
 *
 * @param events how many events people have caused so far.
 * @param instead what is still possible, as the last sentence of the error.
 * @throws DocketError `history_limit_reached`.
 */
export function assertHistoryFits(
  resource: "dispute" | "exception",
  events: number,
  instead: string,
): void {
  if (events < MAX_HISTORY_EVENTS) return;
  throw new DocketError(
    "history_limit_reached",
    `The ${resource} has ${MAX_HISTORY_EVENTS} history events and takes no further changes. ${instead}`,
  );
}
