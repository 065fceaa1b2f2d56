import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createClientStage, seedContext, type ClientStage } from "./support/stage.ts";

/** A Chromium, such as that of Debian's package `chromium`. */
const CHROMIUM = process.env["TEST_CHROMIUM"];
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = "packages/client/test/support/browser-page.ts";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The API allows no other origins here. CORS has tests of its own.
  "--disable-web-security",
];

const run = promisify(execFile);
const describeWithBrowser = CHROMIUM === undefined ? describe.skip : describe;

describeWithBrowser("the bundle in Chromium", () => {
  let stage: ClientStage;
  let directory: string;
  let server: Server;
  let browser: ChildProcess;

  beforeAll(async () => {
    stage = await createClientStage();
    directory = await mkdtemp(join(tmpdir(), "docket-browser-"));
  });

  afterAll(async () => {
    browser?.kill("SIGKILL");
    if (browser?.exitCode === null) await once(browser, "close");
    server?.closeAllConnections();
    server?.close();
    await stage.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Bundles the page as an application would. */
  async function bundle(): Promise<string> {
    const outfile = join(directory, "page.js");
    const options = ["--bundle", "--format=esm", "--platform=browser", `--outfile=${outfile}`];
    await run(join(ROOT, "node_modules/.bin/esbuild"), [PAGE, ...options], { cwd: ROOT });
    return readFile(outfile, "utf8");
  }

  /** Serves the page, and resolves with what it posts. */
  function servePage(script: string, settings: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      server = createServer((request, response) => {
        if (request.method === "POST") {
          json(request).then(resolve, reject);
          response.end();
        } else if (request.url === "/page.js") {
          response.setHeader("content-type", "text/javascript").end(script);
        } else {
          const head = `<script>window.settings = ${JSON.stringify(settings)}</script>`;
          response.setHeader("content-type", "text/html");
          response.end(`${head}<script type="module" src="/page.js"></script>`);
        }
      }).listen(0, "127.0.0.1");
    });
  }

  it("orders, waits and verifies, uploads with progress and pushes records", async () => {
    const { direct, token } = stage;
    const contextId = await seedContext(direct, 100);
    const [exception] = (await direct.exceptions.list({ contextId }).page()).items;
    const { baseUrl } = direct;
    const settings = { baseUrl, token, contextId, exceptionId: exception!.id };
    const posted = servePage(await bundle(), settings);
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const profile = `--user-data-dir=${join(directory, "profile")}`;
    browser = spawn(CHROMIUM!, [...FLAGS, profile, url], { stdio: "ignore" });
    const result = (await posted) as Record<string, number>;
    expect(result).toEqual({
      streamed: result["sizeBytes"],
      sizeBytes: expect.any(Number) as number,
      rows: 100,
      evidence: 1,
      lastProgress: 23,
      inserted: 1,
      isRefused: true,
    });
  });
});
