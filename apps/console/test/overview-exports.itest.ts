import { readFile, writeFile } from "node:fs/promises";

import { createFaultProxy, waitFor } from "@docket/testing";
import type { Browser, Page } from "playwright-core";

import {
  describeWithBrowser,
  expectNoViolations,
  launchBrowser,
  openConsole,
} from "./support/browser.ts";
import { seedContext } from "./support/records.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

/** As long as a context's name may be, with markup and a change of direction. */
const HOSTILE_NAME = `<img src=x onerror="alert(1)"> \u202egnal ${"x".repeat(60)}`;

describeWithBrowser("the overview and the exports", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let contextId: string;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      createConsoleStage({ UPKEEP_INTERVAL_MS: "500" }),
      launchBrowser(),
    ]);
    contextId = await seedContext(stage.docket, { name: HOSTILE_NAME, transactions: 100 });
    const exception = { source: "Bank", transaction: "B-1", severity: "HIGH" };
    await stage.docket.records.push(contextId, "exceptions", [exception]);
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const open = (area: string, permissions?: readonly string[]): Promise<Page> =>
    openConsole(browser, {
      ...stage,
      token: stage.token(permissions),
      path: `/contexts/${contextId}/${area}`,
    });

  it("signs in by the fragment, which leaves the URL, and shows how the context stands", async () => {
    const page = await openConsole(browser, { ...stage, token: stage.token() });
    await page.getByRole("link", { name: "Unmatched 100" }).waitFor();
    expect(page.url()).toBe(`${stage.address}/contexts/${contextId}/overview`);
    await expectNoViolations(page);
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await page.getByRole("link", { name: "High 1" }).click();
    expect(new URL(page.url()).searchParams.getAll("severity")).toEqual(["HIGH"]);
    // Filters without a control are shown, too.
    await page.goto(`${page.url()}&currency=USD`);
    await page.getByRole("button", { name: "In USD", exact: true }).click();
    await page.getByRole("checkbox", { name: "Select B-1" }).waitFor();
    // Days that do not exist are as if absent.
    const days = "dateFrom=2026-99-99&dateTo=2026-02-30";
    await page.goto(`${stage.address}/contexts/${contextId}/overview?${days}`);
    await page.getByRole("link", { name: "Unmatched 100" }).waitFor();
  });

  it("marks the figures of the period before until those of the chosen one arrive", async () => {
    const page = await open("overview");
    await page.getByRole("link", { name: "Unmatched 100" }).waitFor();
    const days = page.getByText(/^Transactions of /);
    const before = await days.textContent();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/summary?*", async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole("combobox", { name: "Period" }).selectOption("Last 7 days");
    const marked = page.locator("[aria-busy=true]", { hasText: "Unmatched" });
    await marked.waitFor();
    expect(await days.textContent()).toBe(before);
    release();
    await marked.waitFor({ state: "detached" });
    expect(await days.textContent()).not.toBe(before);
  });

  it("lists the transactions behind a figure, and shows the exception of one", async () => {
    const page = await open("overview");
    await page.getByRole("link", { name: "100 transactions" }).click();
    await page.getByRole("heading", { name: "Transactions", level: 1 }).waitFor();
    expect(new URL(page.url()).searchParams.getAll("status")).toEqual([]);
    await page.goBack();
    await page.getByRole("link", { name: "Unmatched 100" }).click();
    await page.waitForURL(/status=UNMATCHED/);
    await page.getByText("100 transactions").waitFor();
    await expectNoViolations(page);
    const search = page.getByRole("searchbox", { name: "Reference of a transaction" });
    await search.fill("B-1");
    await page.keyboard.press("Enter");
    await page.getByText("1 transaction", { exact: true }).waitFor();
    expect(await search.evaluate((element) => element === document.activeElement)).toBe(true);
    // By keyboard.
    await page.locator(".data-table").focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const details = page.getByRole("heading", { name: "B-1", level: 2 });
    await details.waitFor();
    await expectNoViolations(page);
    // Its link shows it also where the filters leave it out.
    const link = new URL(page.url());
    link.searchParams.delete("externalId");
    link.searchParams.set("currency", "USD");
    await page.goto(link.href);
    await page.locator(".panel").getByText("Payment 1", { exact: true }).waitFor();
    await page.getByText("No transaction matches these filters").waitFor();
    await page.goBack();
    await details.waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await page.getByRole("link", { name: "Show the exception" }).click();
    await page.locator(".panel").getByText("High").waitFor();
    await page.goBack();
    await page.goto(
      `${stage.address}/contexts/${contextId}/transactions?status=UNMATCHED&currency=USD`,
    );
    await page.getByText("No transaction matches these filters").waitFor();
    await page.getByRole("button", { name: "Remove the filter Status: Unmatched" }).waitFor();
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Remove the filter In USD" }).click();
    await page.getByText("100 transactions").waitFor();
    await page.getByRole("link", { name: "Order export" }).click();
    await page.getByRole("dialog", { name: "Order export" }).waitFor();
  });

  it("orders, waits for a worker, downloads and verifies an export", async () => {
    await Promise.all(stage.workers.map((worker) => worker.stop()));
    const page = await open("exports");
    // By keyboard: the dialog begins on the report.
    await page.getByText("No exports yet").waitFor();
    await page.keyboard.press("n");
    await page.getByText("100 rows", { exact: true }).waitFor();
    await page.getByRole("radio", { name: "CSV", exact: true }).check();
    await expectNoViolations(page);
    await page.getByRole("dialog").getByRole("button", { name: "Order export" }).click();
    await page.getByText("Waiting").waitFor();
    await stage.startWorker();
    await page.getByText("Unmatched · CSV is ready").waitFor();
    await expectNoViolations(page);

    const download = page.getByRole("button", { name: "Download" });
    // Without a link, or if the store refuses it, the page stays.
    const place = page.url();
    const refusals = [
      { address: "**/v1/export-jobs/*/download*", status: 404 },
      { address: `${stage.storeEndpoint}/**`, status: 403 },
    ];
    for (const { address, status } of refusals) {
      await page.route(address, (route) =>
        route.fulfill({ status, headers: { "access-control-allow-origin": "*" } }),
      );
      await download.click();
      const failure = page.locator(".toast", { hasText: "The download did not start" });
      await failure.getByRole("button", { name: "Dismiss" }).click();
      await failure.waitFor({ state: "detached" });
      await page.unroute(address);
    }
    expect(page.url()).toBe(place);
    const downloading = page.waitForEvent("download");
    await download.click();
    const file = await (await downloading).path();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Unmatched · CSV", exact: true }).waitFor();
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("Identical").waitFor();
    await expectNoViolations(page);
    await writeFile(`${file}.changed`, (await readFile(file, "utf8")).replace("1.5", "1.6"));
    await page.locator("input[type=file]").setInputFiles(`${file}.changed`);
    await page.getByText("Different").waitFor();
    await page.keyboard.press("Escape");
    await page
      .getByRole("heading", { name: "Unmatched · CSV", exact: true })
      .waitFor({ state: "detached" });
    const focused = await page.evaluate(() => document.activeElement?.textContent);
    expect(focused).toContain("Unmatched");
  });

  it("shows an export whose worker was killed as running, and as ready when another worker has finished it", async () => {
    const { storeEndpoint } = stage;
    const store = await createFaultProxy(storeEndpoint);
    try {
      store.failRequests({ when: ({ method }) => method === "PUT", response: "hang" });
      await Promise.all(stage.workers.map((worker) => worker.stop()));
      await stage.docket.exportJobs.create(contextId, { reportType: "MATCHED", format: "XML" });
      const page = await open("exports");
      const row = page.getByRole("row").filter({ hasText: "XML" });
      await row.getByText("Waiting").waitFor();
      const doomed = await stage.startWorker({ S3_ENDPOINT: store.through(storeEndpoint) });
      await row.getByRole("progressbar", { name: "Progress of the export" }).waitFor();
      // The file is complete, but the store does not respond.
      await waitFor(() => store.failedRequests() > 0);
      process.kill(doomed.pid, "SIGKILL");
      await stage.startWorker();
      // The lease of the killed worker ends after 20 s.
      await row.getByText("Ready").waitFor({ timeout: 120_000 });
    } finally {
      await store.close();
    }
  });

  it("needs no sideways scrolling at 200 % zoom, and says that it is offline", async () => {
    const page = await open("overview");
    await page.setViewportSize({ width: 640, height: 400 });
    for (const area of ["Overview", "Exports", "Exceptions", "Disputes"]) {
      await page.goto(`${stage.address}/contexts/${contextId}/${area.toLowerCase()}`);
      await page.getByRole("heading", { name: area, level: 1 }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect({ area, width }).toEqual({ area, width: 640 });
    }
    await page.context().setOffline(true);
    await page.getByText("You are offline").waitFor();
    await expectNoViolations(page);
    await page.context().setOffline(false);
    await page.getByText("You are offline").waitFor({ state: "detached" });
  });

  it("shows only what the token allows, and how to sign in without one", async () => {
    const page = await open("exports", ["context:read", "export-job:read"]);
    await page.getByRole("heading", { name: "Exports", level: 1 }).waitFor();
    expect(await page.getByRole("button", { name: "Order export" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Disputes" }).count()).toBe(0);
    const since = "2999-01-01T00:00:00.000Z";
    await page.goto(`${stage.address}/contexts/${contextId}/exports?finishedFrom=${since}`);
    await page.getByText(/^No exports? match/).waitFor();
    await page
      .getByRole("button", { name: /^Finished since/ })
      .first()
      .click();
    await page
      .getByRole("link", { name: /^Matched/ })
      .first()
      .waitFor();
    await page.goto(`${stage.address}/contexts/${contextId}/disputes`);
    await page.getByText("You may not see disputes").waitFor();
    // The figures are there, but link only to the exports.
    await page.goto(`${stage.address}/contexts/${contextId}/overview`);
    const main = page.getByRole("main");
    await main.getByText("Unmatched", { exact: true }).first().waitFor();
    const targets = await main
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
    expect(new Set(targets.map((path) => path.split("/").at(-1)))).toEqual(new Set(["exports"]));
    await expectNoViolations(page);
    await page.goto(`${stage.address}/#token=nonsense`);
    await page.getByText("Sign in to Docket").waitFor();
    await expectNoViolations(page);
  });
});
