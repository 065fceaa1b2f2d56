import { join } from "node:path";
import { describeHostileTexts } from "../../../packages/domain/test/hostile/suite.ts";
import { targets } from "./hostile-targets.ts";

describe("hostile texts", () => {
  describeHostileTexts(targets, join(__dirname, "hostile-targets.ts"));
});
