import { join } from "node:path";
import { describeHostileTexts } from "@docket/testing/hostile-texts";
import { targets } from "./hostile-targets.ts";

describe("hostile texts", () => {
  describeHostileTexts(targets, join(__dirname, "hostile-targets.ts"));
});
