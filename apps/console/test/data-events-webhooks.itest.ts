import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { webhooks } from "@docket/client";
import { waitFor } from "@docket/testing";
import type { Browser, Page } from "playwright-core";

import {
  describeWithBrowser,
  expectNoViolations,
  launchBrowser,
  openConsole,
} from "./support/browser.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

/** Markup, a direction override and a long word. */
const HOSTILE = `<img src=x onerror=alert(1)> \u202Elive ${"x".repeat(50)}`;

const csv = (lines: readonly string[]): string =>
  ["source,externalId,amount,currency,date", ...lines].join("\n");

const file = (name: string, content: string) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(content),
});

describeWithBrowser("the data, the events and the webhooks", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let dialogs = 0;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });
  // Nothing that a tenant writes runs as a script.
  afterEach(() => expect(dialogs).toBe(0));

  const open = async (path: string): Promise<Page> => {
    const page = await openConsole(browser, { ...stage, token: stage.token(), path });
    page.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    return page;
  };

  it("creates a context and a source, and loads a file once its faults are corrected", async () => {
    const page = await open("/data");
    await page.getByRole("button", { name: "Create reconciliation" }).click();
    await page.getByLabel("Name").fill(HOSTILE);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: HOSTILE }).waitFor();
    await page.getByRole("button", { name: "Add source" }).click();
    await page.getByLabel("Name").fill("Bank");
    await page.getByRole("dialog").getByRole("button", { name: "Add source" }).click();
    await page.getByText("Bank · Left").waitFor();

    const chooser = page.getByLabel("File", { exact: true });
    await chooser.setInputFiles(file("bank.txt", "x"));
    await page.getByText("Choose a .csv or .ndjson file").waitFor();
    const bad = ["Bank,<b>1</b>,x,EUR,2026-01-15", "Bank,2,1.5,EUR,2026-02-30"];
    await chooser.setInputFiles(file("bank.csv", csv(bad)));
    await page.getByRole("button", { name: "Load file" }).click();
    const faults = page.getByRole("region", { name: "Errors in the file" });
    await faults.getByRole("cell", { name: "date", exact: true }).waitFor();
    expect(await faults.locator("tbody td:first-child").allTextContents()).toEqual(["2", "3"]);
    await expectNoViolations(page);

    const good = ["Bank,1,1.5,EUR,2026-01-15", "Bank,2,1.5,EUR,2026-01-16"];
    await chooser.setInputFiles(file("bank.csv", csv(good)));
    await page.getByRole("button", { name: "Load file" }).click();
    await page.getByText("2 records received").waitFor();
    // The event of the load brings the counts up to date.
    await page.getByText("2 (0 matched, 2 unmatched)").waitFor();
    await page.context().close();
  });

  it("keeps what was typed when the token expires", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${stage.address}/data#token=${stage.sign({ lifetimeHours: 1 })}`);
    await page.getByRole("button", { name: "Create reconciliation" }).click();
    await page.getByLabel("Name").fill("Kept");
    await page.clock.fastForward("01:00:01");
    const expired = page.getByRole("alertdialog", { name: "Your session has expired" });
    await expired.waitFor();
    await page.keyboard.press("Escape");
    await expectNoViolations(page);
    const link = page.getByLabel("Sign-in link");
    await link.fill("#token=nonsense");
    await page.keyboard.press("Enter");
    await expired.getByText("This link is not valid").waitFor();
    await link.fill(`${stage.address}/#token=${stage.token()}`);
    await page.keyboard.press("Enter");
    await expired.waitFor({ state: "detached" });
    expect(await page.getByLabel("Name").inputValue()).toBe("Kept");
    await page.getByRole("dialog").getByRole("button", { name: "Create reconciliation" }).click();
    await page.getByRole("heading", { name: "Kept" }).waitFor();
    await context.close();
  });

  it("shows nothing of one tenant to another one that signs in in the same tab", async () => {
    const page = await open("/events/1");
    await page.getByRole("heading", { name: "context.created" }).waitFor();
    const token = stage.sign({ tenant: randomUUID() });
    await page.goto(`${page.url()}#token=${token}`);
    await page.getByText("There is no such event").waitFor();
    await page.getByText("Nothing has happened yet").waitFor();
    await page.context().close();
  });

  it("follows the events with one stream for all tabs, which another tab takes over", async () => {
    const first = await open("/events");
    const streams: Page[] = [];
    const second = await first.context().newPage();
    for (const page of [first, second]) {
      page.on("request", (request) => {
        if (request.url().includes("/v1/events/stream")) streams.push(page);
      });
    }
    const live = (page: Page) => page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    await live(first);
    await second.goto(`${stage.address}/events#token=${stage.token()}`);
    await live(second);
    await second.getByRole("table").waitFor();
    await stage.docket.contexts.create({ name: "A" });
    for (const page of [first, second]) {
      await page.getByRole("button", { name: "Show 1 new event" }).waitFor();
    }
    expect(streams).not.toContain(second);

    await first.close();
    await waitFor(() => streams.includes(second));
    await stage.docket.contexts.create({ name: HOSTILE.toUpperCase() });
    await second.getByRole("button", { name: "Show 2 new events" }).click();
    await expectNoViolations(second);
    await second.getByRole("link", { name: "context.created" }).first().click();
    await second.getByRole("region", { name: "Data" }).getByText("<IMG SRC=X").waitFor();
    await expectNoViolations(second);
    await second.getByRole("link", { name: "All events of this item" }).click();
    await second.getByText("1 event of numbers").waitFor();
    await second.context().close();
  });

  it("adds an endpoint, shows its secret once, tests it, and sends a delivery again", async () => {
    const page = await open("/webhooks");
    const receiver = await startReceiver();
    await page.getByRole("button", { name: "Add endpoint" }).click();
    await page.getByLabel("URL").fill(receiver.url);
    const add = page.getByRole("dialog").getByRole("button", { name: "Add endpoint" });
    // The endpoint is added, but the answers are lost.
    const address = "**/v1/webhook-endpoints";
    await page.route(address, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await add.click();
    await page.getByText("Check the connection, then try again.").waitFor();
    await page.unroute(address);
    await add.dblclick();
    await page.getByRole("heading", { name: "Keep this secret" }).waitFor();
    expect((await stage.docket.webhookEndpoints.list().page()).items).toHaveLength(1);
    const secret = await page.getByRole("dialog").locator("code").textContent();
    await expectNoViolations(page);
    await page.getByRole("button", { name: "I have kept it" }).click();

    await page.getByRole("button", { name: "Send test event" }).click();
    await page.getByText("Delivered").waitFor();
    await page.getByText("Show attempts").click();
    await page.locator("pre", { hasText: HOSTILE }).waitFor();
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Resend" }).click();
    await waitFor(() => receiver.received.length === 2);
    const [request, repeated] = receiver.received;
    const event = await webhooks.verify(request!, secret!);
    expect(await webhooks.verify(repeated!, secret!)).toEqual(event);

    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Rotate secret" }).click();
    expect(await page.getByRole("dialog").locator("code").textContent()).not.toBe(secret);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByRole("button", { name: "Enable" }).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete endpoint" }).click();
    await page.getByText("Events are sent nowhere yet").waitFor();
    // Neither the button nor a row is left.
    await page.locator("h1:focus").waitFor();
    await expectNoViolations(page);
    await page.context().close();
    receiver.server.closeAllConnections();
    receiver.server.close();
  });
});

type Received = { readonly headers: Headers; readonly body: string };

/** An endpoint whose answer is markup. */
async function startReceiver() {
  const received: Received[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const headers = new Headers(request.headers as Record<string, string>);
    received.push({ headers, body: await text(request) });
    response.end(HOSTILE);
  };
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, received, url: `http://127.0.0.1:${port}/docket` };
}
