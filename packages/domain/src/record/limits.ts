/** Limits of a records body (contract §5). */

/** The longest line in bytes, its line feed not counted; of a CSV, the longest record. */
export const MAX_LINE_BYTES = 65_536;

/** How many faults an answer lists. */
export const MAX_LINE_FAULTS = 100;

/** The longest texts, in UTF-16 code units as JavaScript counts them. */
export const MAX_KEY_LENGTH = 255;
export const MAX_SHORT_TEXT_LENGTH = 255;
export const MAX_LONG_TEXT_LENGTH = 5_000;
