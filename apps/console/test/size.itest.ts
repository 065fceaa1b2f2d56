import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ASSETS = join(__dirname, "../dist/assets");
const BUDGET_BYTES = 200_000;

it("has at most 200 kB of compressed JavaScript in all", () => {
  const scripts = readdirSync(ASSETS).filter((file) => file.endsWith(".js"));
  const sizes = scripts.map((file) => gzipSync(readFileSync(join(ASSETS, file))).length);
  // The first file, and one for each screen.
  expect(sizes.length).toBeGreaterThanOrEqual(8);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET_BYTES);
});
