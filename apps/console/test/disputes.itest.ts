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

/** One red pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const THREE_DAYS_MS = 3 * 86_400_000;

describeWithBrowser("the disputes", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let path: string;
  let disputeId: string;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), launchBrowser()]);
    const contextId = await seedContext(stage.docket, { name: "Bank", transactions: 3 });
    const exceptionId = await seedExceptions(stage.docket, contextId, ["No posting"]);
    const dispute = await stage.docket.disputes.create(exceptionId, {
      category: "OTHER",
      description: HOSTILE,
      respondBy: new Date(Date.now() + THREE_DAYS_MS).toISOString(),
    });
    disputeId = dispute.id;
    path = `/contexts/${contextId}/disputes`;
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const openAs = (subject: string, where: string): Promise<Page> =>
    openConsole(browser, { ...stage, token: stage.token(undefined, subject), path: where });

  it("opens a dispute by keyboard, and shows hostile texts as texts", async () => {
    const page = await openAs("ada", path);
    // Midnight may pass meanwhile.
    await page.getByText(/[23] days left/).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Timeline" }).waitFor();
    await page.locator(".case-head").getByText(HOSTILE).waitFor();
    await page.getByText("Close the dispute once the answer is there").waitFor();
    expect(await page.evaluate("window.attacked")).toBeUndefined();
    await expectNoViolations(page);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => url.pathname === path);
    // The focus is back on the row.
    expect(await page.evaluate("document.activeElement.className")).toContain("data-table__open");
  });

  it("keeps the list when the dialog of a row is clicked, and the dialog when its backdrop is", async () => {
    const page = await openAs("ada", path);
    await page.getByRole("row").getByRole("button", { name: "Close" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Resolution").click();
    await page.keyboard.type("Agreed");
    await dialog.getByRole("heading", { name: "Close this dispute" }).click();
    await page.mouse.click(5, 5);
    expect(await page.evaluate("location.pathname")).toBe(path);
    expect(await dialog.getAttribute("data-open")).not.toBeNull();
    expect(await dialog.getByLabel("Resolution").inputValue()).toBe("Agreed");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate("location.pathname")).toBe(path);
  });

  it("checks files, uploads them with a comment and shows them", async () => {
    const page = await openAs("ada", `${path}/${disputeId}`);
    await page.locator("input[type=file]").setInputFiles([
      { name: "line.png", mimeType: "image/png", buffer: PNG },
      { name: "line.exe", mimeType: "image/png", buffer: Buffer.from("MZ") },
    ]);
    await page.getByText("This is neither a PDF, PNG, JPEG nor CSV file.").waitFor();
    await page.getByLabel("Comment").fill("The line of the statement");
    await page.getByRole("button", { name: "Upload 1 file" }).click();
    const preview = page.getByRole("button", { name: "Preview" });
    await preview.click();
    const image = page.getByRole("img", { name: "line.png" });
    await image.waitFor();
    // Not by `waitForFunction`, whose polls the Content-Security-Policy refuses.
    const width = "document.querySelector('.preview__image').naturalWidth";
    await waitFor(async () => (await page.evaluate(width)) === 1);
    await expectNoViolations(page);
    await page.keyboard.press("Escape");
    await image.waitFor({ state: "detached" });
    expect(await preview.evaluate((button) => button === document.activeElement)).toBe(true);
    const { evidence } = await stage.docket.disputes.get(disputeId);
    expect(evidence).toMatchObject([
      { kind: "CORRESPONDENCE", comment: "The line of the statement", submittedBy: "ada" },
    ]);
  });

  it("keeps the entries of a form when another user has changed the dispute, and shows what changed", async () => {
    const [ada, bob] = await Promise.all([
      openAs("ada", `${path}/${disputeId}`),
      openAs("bob", `${path}/${disputeId}`),
    ]);
    await editReference(bob, "B-2");
    await editReference(ada, "A-1");
    await ada.getByRole("button", { name: "Save changes" }).click();
    await ada.getByRole("dialog").waitFor({ state: "detached" });
    await bob.getByRole("button", { name: "Save changes" }).click();
    const notice = bob.getByRole("dialog").getByRole("alert");
    await notice.getByText("ada changed this").waitFor();
    await notice.getByRole("row", { name: "Reference – A-1" }).waitFor();
    expect(await bob.getByLabel("Reference of the counterparty").inputValue()).toBe("B-2");
    await expectNoViolations(bob);
    await bob.getByRole("button", { name: "Save changes" }).click();
    await bob.getByRole("dialog").waitFor({ state: "detached" });
    expect(await stage.docket.disputes.get(disputeId)).toMatchObject({ reference: "B-2" });
  });

  it("closes a dispute once, with the recovered amount, however often one clicks", async () => {
    const page = await openAs("ada", `${path}/${disputeId}`);
    await page.getByRole("button", { name: "Close dispute" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "Won" }).check();
    await dialog.getByLabel("Recovered amount").fill("1.2");
    await dialog.getByLabel("Resolution").fill("Paid back in part");
    await dialog.getByRole("button", { name: "Close dispute" }).dblclick();
    await dialog.waitFor({ state: "detached" });
    await page.locator(".timeline").getByText("Won").waitFor();
    // The button that had the focus is gone.
    await page.locator("#panel-title:focus").waitFor();
    const events = [];
    for await (const { type } of stage.docket.disputes.history(disputeId)) events.push(type);
    expect(events.filter((type) => type === "closed")).toHaveLength(1);
    expect(await stage.docket.disputes.get(disputeId)).toMatchObject({
      state: "WON",
      recoveredAmount: "1.2",
    });
    // The share on the overview leads to the disputes that it is about.
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("link", { name: "100% won" }).click();
    await page.getByRole("link", { name: "Won, Lost" }).waitFor();
    // So does an amount, which is of one currency.
    await page.goBack();
    const amounts = page.getByRole("table").filter({ hasText: "Recovered" });
    await amounts.getByRole("link", { name: /1\.20/ }).click();
    await page.getByRole("button", { name: /^In [A-Z]{3}$/ }).waitFor();
    await page.getByRole("row").nth(1).waitFor();
    await page.getByText("1 dispute", { exact: true }).waitFor();
    await expectNoViolations(page);
  });
});

async function editReference(page: Page, reference: string): Promise<void> {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Edit details" }).click();
  await page.getByLabel("Reference of the counterparty").fill(reference);
}
