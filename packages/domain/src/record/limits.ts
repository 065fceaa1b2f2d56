/** The longest line in bytes without its line feed; for a CSV, the longest record (docs/api.md §5). */
export const MAX_LINE_BYTES = 65_536;

/** The greatest number of faults in a response (docs/api.md §5). */
export const MAX_LINE_FAULTS = 100;

/** The greatest lengths of texts, in UTF-16 code units. */
export const MAX_KEY_LENGTH = 255;
export const MAX_SHORT_TEXT_LENGTH = 255;
export const MAX_LONG_TEXT_LENGTH = 5_000;
