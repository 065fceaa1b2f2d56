import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TYPES = "packages/client/src/generated/api-types.ts";

const DOCUMENT =
  "node --import tsx --conditions=@docket/source apps/api/src/openapi/main.ts" as const;
const GENERATE = "node packages/client/generate-types.mjs" as const;

test("the committed types are those of the OpenAPI document; npm run client-types updates them", async () => {
  const { stdout } = await run("bash", ["-c", `set -o pipefail; ${DOCUMENT} | ${GENERATE}`], {
    cwd: ROOT,
    maxBuffer: 10_000_000,
  });
  expect(stdout).toBe(await readFile(`${ROOT}${TYPES}`, "utf8"));
});
