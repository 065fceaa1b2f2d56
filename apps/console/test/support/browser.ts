import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";

/** A Chromium, such as that of Debian's package `chromium`. */
const CHROMIUM = process.env["TEST_CHROMIUM"];

/** A group of tests that needs a browser. Without one, it is skipped. */
export const describeWithBrowser = CHROMIUM === undefined ? describe.skip : describe;

const DESKTOP = { width: 1280, height: 800 };

const THEMES = ["light", "dark"] as const;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox", "--disable-gpu"] });

/** Opens the console by a sign-in link. Each page has a session of its own. */
export async function openConsole(
  browser: Browser,
  { address, token, path = "/", viewport = DESKTOP }: OpenOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${address}${path}#token=${token}`);
  // The token is stored by then.
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  return page;
}

export type OpenOptions = {
  readonly address: string;
  readonly token: string;
  readonly path?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
};

/** What axe finds on the page, in both themes. It must be nothing. */
export async function expectNoViolations(page: Page): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    expect({ theme, violations: await violations(page) }).toEqual({ theme, violations: [] });
  }
}

async function violations(page: Page): Promise<readonly string[]> {
  // Rows of the previous filter are dimmed until those of the new one have arrived.
  await page.locator(".outdated[aria-busy]").first().waitFor({ state: "detached" });
  // Not by a script element, which the Content-Security-Policy refuses.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await run(document, { runOnly: tags })).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} (${node.failureSummary ?? ""})`),
  );
}
