import type { Browser } from "playwright-core";

import {
  describeWithBrowser,
  expectNoViolations,
  launchBrowser,
  openConsole,
} from "./support/browser.ts";
import { seedContext } from "./support/records.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

describeWithBrowser("the exports", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let contextId: string;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), launchBrowser()]);
    contextId = await seedContext(stage.docket, { name: "Bank", transactions: 100 });
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  it("signs in by the fragment, which leaves the URL, and lists the exports", async () => {
    const { jobId } = await stage.docket.exportJobs.create(contextId, {
      reportType: "UNMATCHED",
      format: "CSV",
    });
    const path = `/contexts/${contextId}/exports`;
    const page = await openConsole(browser, { ...stage, token: stage.token(), path });
    await page.getByRole("heading", { name: "Exports" }).waitFor();
    expect(page.url()).toBe(`${stage.address}${path}`);
    await page.getByRole("button", { name: "Download" }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Unmatched · CSV" }).waitFor();
    expect(page.url()).toBe(`${stage.address}${path}/${jobId}`);
    await expectNoViolations(page);
  });
});
