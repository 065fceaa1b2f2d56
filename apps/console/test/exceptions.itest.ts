import { waitFor } from "@docket/testing";
import type { Browser, Page } from "playwright-core";

import {
  describeWithBrowser,
  expectNoViolations,
  launchBrowser,
  openConsole,
} from "./support/browser.ts";
import { HOSTILE } from "./support/hostile.ts";
import { seedContext, seedExceptions } from "./support/records.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

const REASONS = ["No posting", HOSTILE, "Unknown payer", "Late"];

describeWithBrowser("the exceptions", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let contextId: string;
  let path: string;
  let first: string;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), launchBrowser()]);
    const { docket } = stage;
    contextId = await seedContext(docket, { name: "Bank", transactions: 4 });
    // The counterpart of the first transaction, with another reference.
    await docket.sources.create(contextId, { name: "Ledger", type: "LEDGER", side: "RIGHT" });
    const date = new Date().toISOString().slice(0, 10);
    await docket.records.push(contextId, "transactions", [
      { source: "Ledger", externalId: "L-77", amount: "-1.5", currency: "EUR", date },
    ]);
    first = await seedExceptions(docket, contextId, REASONS);
    path = `/contexts/${contextId}/exceptions`;
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const openAs = (subject: string, where: string): Promise<Page> =>
    openConsole(browser, { ...stage, token: stage.token(undefined, subject), path: where });

  it("shows expected against actual values, and does not overwrite the changes of other users", async () => {
    const page = await openAs("ada", `${path}/${first}`);
    await page.getByRole("row", { name: "Reference B-1 L-77 differs" }).waitFor();
    await page
      .getByRole("row", { name: HOSTILE.slice(0, 40) })
      .first()
      .waitFor();
    expect(await page.evaluate("window.attacked")).toBeUndefined();
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Assign and schedule" }).click();
    await page.getByRole("button", { name: "Assign to me" }).last().click();
    await stage.docket.exceptions.update(first, { severity: "LOW" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("row", { name: "Severity High Low" }).waitFor();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await stage.docket.exceptions.get(first)).toMatchObject({
      assignedTo: "ada",
      severity: "LOW",
    });
  });

  it("filters by keyboard, and returns the focus from the popup", async () => {
    const page = await openAs("ada", path);
    await page.getByRole("search").getByRole("button", { name: "Severity" }).press("Enter");
    const high = page.getByRole("dialog", { name: "Severity" }).getByLabel("High");
    await high.press("Space");
    await page.waitForURL(/severity=HIGH/);
    await expectNoViolations(page);
    await high.press("Escape");
    const filter = page.getByRole("button", { name: /^Severity\s+High$/ });
    await waitFor(() => filter.evaluate((element) => element === document.activeElement));
    await filter.press("Enter");
    await high.press("Tab");
    await high.waitFor({ state: "detached" });
    await page.getByRole("combobox", { name: "Source" }).selectOption("Ledger");
    await page.waitForURL(/sourceId=/);
  });

  it("resolves several at once with a remark, and says what happened to each", async () => {
    const page = await openAs("ada", path);
    const rows = page.getByRole("checkbox", { name: /^Select B-/ });
    await rows.nth(3).waitFor();
    // By keyboard: two rows are selected.
    for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
    await page.getByText("2 exceptions selected").waitFor();
    const chosen = await rows.evaluateAll((boxes) =>
      boxes
        .filter((box) => (box as HTMLInputElement).checked)
        .map((box) => box.closest("tr")!.dataset["row"]!),
    );
    await page.getByRole("button", { name: "Resolve" }).click();
    const dialog = page.getByRole("dialog");
    // Another user resolves one of them first. It leaves the list and stays selected.
    const other = { resolutionType: "WRITE_OFF", resolutionNotes: "Small" };
    await stage.docket.exceptions.resolve(chosen[0]!, other);
    await page.getByText("2 exceptions selected, 1 no longer in this list").waitFor();
    await dialog.getByLabel("Resolution").fill("duplicate");
    await dialog.getByLabel("Notes").fill("Booked twice");
    const apply = dialog.getByRole("button", { name: "Apply" });
    expect(await apply.isDisabled()).toBe(true);
    await dialog.getByLabel("Remark").fill("Cleared with the bank");
    await apply.dblclick();
    await dialog.getByText("1 applied, 1 refused").waitFor();
    await expectNoViolations(page);
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await stage.docket.exceptions.get(chosen[1]!)).toMatchObject({
      status: "RESOLVED",
      resolutionType: "DUPLICATE",
    });
  });

  it("shows 10,000 exceptions page by page", async () => {
    const name = "Many";
    const many = await seedContext(stage.docket, { name, transactions: 10_000 });
    await seedExceptions(stage.docket, many, Array<string>(10_000).fill("Late"));
    const page = await openAs("ada", `/contexts/${many}/exceptions`);
    const rows = page.getByRole("checkbox", { name: /^Select B-/ });
    const names = () => rows.evaluateAll((boxes) => boxes.map((box) => box.ariaLabel));
    await page.getByText("100 exceptions on this page").waitFor();
    const before = await names();
    const header = page.getByRole("columnheader", { name: "Severity" });
    await rows.last().scrollIntoViewIfNeeded();
    // Below the top bar.
    expect((await header.boundingBox())?.y).toBeCloseTo(48, 0);
    // By keyboard: a page later, the focus is still on the button.
    const next = page.getByRole("button", { name: "Next page" });
    const firstPage = page.getByRole("button", { name: "First page" });
    await firstPage.press("Enter");
    await next.press("Enter");
    await page.waitForURL(/cursor=/);
    await waitFor(async () => (await names())[0] !== before[0] && (await names()).length === 100);
    expect((await names()).filter((each) => before.includes(each))).toEqual([]);
    expect(await next.evaluate((button) => button === document.activeElement)).toBe(true);
    await firstPage.press("Enter");
    await waitFor(async () => (await names())[0] === before[0]);
    expect(await firstPage.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.goBack();
    await waitFor(async () => (await names())[0] !== before[0]);
    await page.goBack();
    await waitFor(async () => (await names())[0] === before[0]);
  });

  it("opens a dispute from an exception", async () => {
    const page = await openAs("ada", `${path}/${first}`);
    await page.getByRole("button", { name: "Open a dispute" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("What is wrong").fill("We do not know this charge");
    await expectNoViolations(page);
    await dialog.getByRole("button", { name: "Open dispute" }).dblclick();
    await page.waitForURL(/\/disputes\//);
    await page.locator(".case-head").getByText("We do not know this charge").waitFor();
    expect((await stage.docket.exceptions.get(first)).disputes).toHaveLength(1);
  });

  it("stays where the person is when a dispute opens after its form was closed, and links to it", async () => {
    const page = await openAs("ada", `${path}/${first}`);
    await page.getByRole("button", { name: "Open a dispute" }).click();
    const dialog = page.getByRole("dialog", { name: "Open a dispute" });
    await dialog.getByLabel("What is wrong").fill("A second charge");
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/disputes", async (route) => {
      await released;
      await route.continue();
    });
    await dialog.getByRole("button", { name: "Open dispute" }).click();
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Assign and schedule" }).click();
    release();
    const toast = page.locator(".toast", { hasText: "Dispute opened" });
    await toast.waitFor();
    // The form that was opened since is still there.
    const edit = page.getByRole("dialog", { name: "Assign and schedule" });
    expect(await edit.getAttribute("data-open")).not.toBeNull();
    await page.keyboard.press("Escape");
    await edit.waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe(`${path}/${first}`);
    await toast.getByRole("button", { name: "Show dispute" }).click();
    await page.locator(".case-head").getByText("A second charge").waitFor();
  });
});
