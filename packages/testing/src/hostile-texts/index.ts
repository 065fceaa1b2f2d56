export { hostileText } from "./hostile-text.ts";
export { describeHostileTexts } from "./suite.ts";
export type { Targets } from "./victim.ts";
