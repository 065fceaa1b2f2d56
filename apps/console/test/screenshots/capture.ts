import { join } from "node:path";

import type { Browser, Page } from "playwright-core";

type Shot = {
  /** The name of the file. */
  readonly name: string;
  /** Below `/contexts/<id>/`, or absolute. */
  readonly path: string;
  /** What must be there before the picture is taken. */
  readonly ready: string;
  /** Opens what has no URL of its own. */
  readonly act?: (page: Page) => Promise<void>;
};

const openFirst = async (page: Page): Promise<void> => {
  await page.locator("tbody .data-table__open").first().click();
  await page.locator(".panel__body > *").first().waitFor();
};

const SHOTS: readonly Shot[] = [
  { name: "overview", path: "overview", ready: ".daily svg" },
  { name: "transactions", path: "transactions", ready: "tbody tr", act: openFirst },
  { name: "exports", path: "exports", ready: "tbody tr" },
  { name: "export", path: "exports?status=SUCCEEDED", ready: "tbody tr", act: openFirst },
  { name: "export-order", path: "exports?order=new", ready: ".order .columns-field" },
  { name: "exceptions", path: "exceptions", ready: "tbody tr" },
  { name: "exception", path: "exceptions", ready: "tbody tr", act: openFirst },
  { name: "disputes", path: "disputes", ready: "tbody tr" },
  { name: "dispute", path: "disputes", ready: "tbody tr", act: openFirst },
  { name: "data", path: "/data", ready: ".screen tbody tr" },
  { name: "events", path: "/events", ready: ".screen tbody tr" },
  { name: "webhooks", path: "/webhooks", ready: ".screen h1" },
];

const THEMES = ["light", "dark"] as const;
/** For what loads after the list, such as a history. */
const SETTLED_MS = 1_000;

const SIZES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

export type CaptureOptions = {
  readonly address: string;
  readonly token: string;
  readonly contextId: string;
  readonly directory: string;
};

/** Writes `<name>-<size>-<theme>.png` for each screen. */
export async function capture(browser: Browser, options: CaptureOptions): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: "reduce",
        deviceScaleFactor: size === "phone" ? 2 : 1,
      });
      const page = await context.newPage();
      await page.goto(`${options.address}/#token=${options.token}`);
      // The token is stored by then.
      await page.getByRole("navigation", { name: "Main" }).waitFor();
      for (const shot of SHOTS) await take(page, shot, options, `${size}-${colorScheme}`);
      await context.close();
    }
  }
}

async function take(
  page: Page,
  { name, path, ready, act }: Shot,
  { address, contextId, directory }: CaptureOptions,
  suffix: string,
): Promise<void> {
  await page.goto(
    path.startsWith("/") ? `${address}${path}` : `${address}/contexts/${contextId}/${path}`,
  );
  await page.locator(ready).first().waitFor();
  await act?.(page);
  // The stream of events never ends, so the network is never idle.
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: join(directory, `${name}-${suffix}.png`) });
}
