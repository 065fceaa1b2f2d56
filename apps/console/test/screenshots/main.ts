import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { chromium } from "playwright-core";

import { capture } from "./capture.ts";
import { prepareExports } from "./prepare.ts";
import { startDemo } from "./start-demo.ts";

// npm run screenshots [-- DIRECTORY]: every screen of the console on the demo tenant.

const directory = resolve(process.argv[2] ?? "screenshots");
const home = await mkdtemp(join(tmpdir(), "docket-screenshots-"));
const demo = await startDemo(home);
const browser = await chromium.launch({
  executablePath: process.env["TEST_CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await mkdir(directory, { recursive: true });
  const contextId = await prepareExports(demo);
  await capture(browser, { ...demo, contextId, directory });
  process.stdout.write(`The screenshots are in ${directory}\n`);
} finally {
  await browser.close();
  await demo.stop();
  await rm(home, { recursive: true, force: true });
}
