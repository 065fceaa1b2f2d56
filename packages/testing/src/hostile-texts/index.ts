export { describeHostileTexts } from "./suite.ts";
export type { Targets } from "./victim.ts";
