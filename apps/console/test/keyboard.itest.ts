import { waitFor } from "@docket/testing";
import type { Browser, Locator, Page } from "playwright-core";

import {
  describeWithBrowser,
  expectNoViolations,
  launchBrowser,
  openConsole,
  type OpenOptions,
} from "./support/browser.ts";
import { seedContext, seedExceptions } from "./support/records.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

/** On a closed select, browsers change the value with these keys. */
const CHANGING_KEYS = ["ArrowDown", "ArrowUp", "ArrowRight", "Home", "End", "PageDown", "b"];

describeWithBrowser("the keyboard", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let bank: string;
  let card: string;
  let exceptionId: string;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), launchBrowser()]);
    bank = await seedContext(stage.docket, { name: "Bank", transactions: 3 });
    card = await seedContext(stage.docket, { name: "Card", transactions: 3 });
    exceptionId = await seedExceptions(stage.docket, bank, ["No posting"]);
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const open = (path: string, viewport?: OpenOptions["viewport"]): Promise<Page> =>
    openConsole(browser, { ...stage, token: stage.token(), path, ...(viewport && { viewport }) });

  const pathOf = (page: Page): string => new URL(page.url()).pathname;

  it("goes to another context, or filters by a source, only by a choice in the open list", async () => {
    const path = `/contexts/${bank}/exceptions`;
    const page = await open(path);
    for (const name of ["Reconciliation", "Source"]) {
      const select = page.getByRole("combobox", { name });
      await waitFor(async () => (await select.locator("option").count()) > 1);
      const value = await select.inputValue();
      for (const key of CHANGING_KEYS) {
        await select.press(key);
        await isOpen(select, true);
        // Escape leaves the value as it was, also after a step in the list.
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Escape");
        await isOpen(select, false);
        expect({ key, value: await select.inputValue(), path: pathOf(page) }).toEqual({
          key,
          value,
          path,
        });
        await isFocused(select);
      }
    }
    // A letter also goes to the option that begins with it.
    await page.getByRole("combobox", { name: "Reconciliation" }).press("c");
    await expectNoViolations(page);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/contexts/${card}/exceptions`);
  });

  it("closes only the list of a select with Escape, not the dialog around it", async () => {
    const page = await open(`/contexts/${bank}/exceptions/${exceptionId}`);
    await page.getByRole("button", { name: "Assign and schedule" }).click();
    const dialog = page.getByRole("dialog");
    const severity = dialog.getByLabel("Severity");
    await severity.press("ArrowDown");
    await isOpen(severity, true);
    await page.keyboard.press("Escape");
    await isOpen(severity, false);
    expect(await dialog.getAttribute("data-open")).not.toBeNull();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.locator(".panel").waitFor();
  });

  it("opens a menu at its first or last item, and finds an item by its first letter", async () => {
    const page = await open(`/contexts/${bank}/overview`);
    const button = page.getByRole("button", { name: "Account and settings" });
    const item = (name: string) => page.locator("[role^=menuitem]", { hasText: name });
    await button.press("ArrowDown");
    await isFocused(item("Theme of the system"));
    await expectNextTo(page.getByRole("menu"), button);
    for (const [key, name] of [
      ["k", "Keyboard shortcuts"],
      ["l", "Light theme"],
      ["d", "Dark theme"],
      ["End", "Sign out"],
      ["ArrowDown", "Theme of the system"],
    ] as const) {
      await page.keyboard.press(key);
      await isFocused(item(name));
    }
    await page.keyboard.press("Escape");
    await isFocused(button);
    await button.press("ArrowUp");
    await isFocused(item("Sign out"));
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await isFocused(button);
  });

  it("returns the focus to the button, also in browsers that do not focus what is clicked", async () => {
    const page = await open(`/contexts/${bank}/overview`);
    const button = page.getByRole("button", { name: "Account and settings" });
    // As in Safari.
    await button.evaluate((element) =>
      element.addEventListener("mousedown", (event) => event.preventDefault()),
    );
    const menu = page.getByRole("menu");
    const closings = {
      escape: () => page.keyboard.press("Escape"),
      button: () => button.click(),
      elsewhere: () => page.mouse.click(640, 780),
    };
    for (const close of Object.values(closings)) {
      await button.click();
      await menu.waitFor();
      await close();
      await menu.waitFor({ state: "detached" });
      await isFocused(button);
    }
  });

  it("shows a time in full while it has the focus, and Escape closes only that", async () => {
    const page = await open(`/contexts/${bank}/exceptions/${exceptionId}`);
    const time = page.locator(".panel time").first();
    const tooltip = page.getByRole("tooltip");
    await time.hover();
    await time.focus();
    await tooltip.waitFor();
    await page.mouse.move(5, 5);
    await page.mouse.move(10, 10);
    await tooltip.waitFor();
    await expectNextTo(tooltip, time);
    await page.keyboard.press("Escape");
    await tooltip.waitFor({ state: "detached" });
    await isFocused(time);
    await page.keyboard.press("Escape");
    await page.waitForURL(`**/contexts/${bank}/exceptions`);
  });

  it("keeps the full time beside what the focus has scrolled to", async () => {
    const page = await open(`/contexts/${bank}/overview`, { width: 640, height: 400 });
    const time = page.locator(".screen time").last();
    await time.waitFor();
    const scroll = () => page.evaluate(() => document.scrollingElement!.scrollTop);
    expect(await scroll()).toBe(0);
    await time.focus();
    await waitFor(async () => (await scroll()) > 0);
    const tooltip = page.getByRole("tooltip");
    await tooltip.waitFor();
    await waitFor(async () => (await distance(tooltip, time)) < 2);
    await page.mouse.wheel(0, -40);
    await waitFor(async () => (await distance(tooltip, time)) < 2);
    await tooltip.waitFor();
  });

  it("begins a screen at its heading, except after Back and beside details that take the focus", async () => {
    const page = await open(`/contexts/${bank}/overview`, { width: 640, height: 400 });
    const heading = (name: string, level = 1) => page.getByRole("heading", { name, level });
    const scrollTop = () => page.evaluate(() => document.scrollingElement!.scrollTop);
    await page.locator(".screen time").last().waitFor();
    // Nothing has moved the focus when the console opens.
    expect(await page.evaluate("document.activeElement.tagName")).toBe("BODY");
    await page.mouse.wheel(0, 300);
    await waitFor(async () => (await scrollTop()) > 0);
    await page.getByRole("link", { name: "Exceptions", exact: true }).click();
    await isFocused(heading("Exceptions"));
    expect(await scrollTop()).toBe(0);
    // A filter leaves the focus where it is.
    const overdue = page.getByRole("button", { name: "Overdue", exact: true });
    await overdue.press("Enter");
    await page.waitForURL(/overdue=true/);
    await isFocused(overdue);
    await page.goBack();
    await page.goBack();
    await waitFor(async () => (await scrollTop()) > 0);
    expect(await heading("Overview").evaluate((each) => each === document.activeElement)).toBe(
      false,
    );
    await page.goForward();
    await page.getByRole("link", { name: "B-1" }).click();
    await isFocused(heading("B-1", 2));
  });

  it("asks for nothing twice when the console opens, also at the context that was open last", async () => {
    const page = await open("/data");
    const isLive = () => page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    // This page then sends nothing more.
    await isLive();
    const sent: string[] = [];
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith("/v1/")) sent.push(`${pathname}${search}`);
    });
    for (const path of ["/", `/contexts/${bank}/overview`, "/"]) {
      sent.length = 0;
      await page.goto(`${stage.address}${path}`);
      await page.getByText("Nothing is due within a week.").waitFor();
      await isLive();
      expect(sent).toEqual([...new Set(sent)]);
      expect(sent.filter((each) => each.includes("/summary"))).toHaveLength(1);
    }
    // The context of the last overview.
    expect(pathOf(page)).toBe(`/contexts/${bank}/overview`);
  });
});

const isFocused = (locator: Locator): Promise<true> =>
  waitFor(() => locator.evaluate((element) => element === document.activeElement));

const isOpen = (select: Locator, expected: boolean): Promise<true> =>
  waitFor(async () => (await select.evaluate((element) => element.matches(":open"))) === expected);

/** The gap between two elements, one above the other, in pixels. */
async function distance(upper: Locator, lower: Locator): Promise<number> {
  const [one, other] = await Promise.all([upper.boundingBox(), lower.boundingBox()]);
  const below = one!.y - (other!.y + other!.height);
  const above = other!.y - (one!.y + one!.height);
  return Math.max(below, above);
}

/** What floats is directly above or below, and within the window. */
async function expectNextTo(floating: Locator, anchor: Locator): Promise<void> {
  expect(await distance(floating, anchor)).toBeLessThanOrEqual(5);
  const { x, width } = (await floating.boundingBox())!;
  const { width: window } = floating.page().viewportSize()!;
  expect(x >= 0 && x + width <= window).toBe(true);
}
