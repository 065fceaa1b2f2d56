export { readEvents, readFeedHead, requireKept, type EventRow, type FeedHead } from "./feed.ts";
export { numberEvents, sha256 } from "./number.ts";
export { recordEvent, recordEvents, type Actor, type NewEvent } from "./record.ts";
export { createSequencer, type Sequencer } from "./sequencer.ts";
export { readHeadsOf, readRunningExportsOf, type RunningExport } from "./watch.ts";
export { expireEvents, readEventLag } from "./upkeep.ts";
