import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { Browser } from "playwright-core";

import { describeWithBrowser, expectNoViolations, launchBrowser } from "./support/browser.ts";
import { createConsoleStage, type ConsoleStage } from "./support/stage.ts";

const PROVIDER = fileURLToPath(new URL("./support/identity-provider.mjs", import.meta.url));

describeWithBrowser("an identity provider", () => {
  let provider: ChildProcess;
  let stage: ConsoleStage;
  let browser: Browser;

  beforeAll(async () => {
    const stdio = ["pipe", "pipe", "ignore"] as const;
    provider = spawn(process.execPath, [PROVIDER, randomUUID()], { stdio: [...stdio] });
    const [issuer] = (await once(createInterface(provider.stdout!), "line")) as [string];
    [stage, browser] = await Promise.all([
      createConsoleStage({
        JWT_SECRET: "",
        JWT_JWKS_URI: `${issuer}/jwks`,
        JWT_ISSUER: issuer,
        JWT_AUDIENCE: "docket",
        CONSOLE_OIDC_ISSUER: issuer,
        CONSOLE_OIDC_CLIENT_ID: "console",
      }),
      launchBrowser(),
    ]);
    provider.stdin!.write(`${stage.address}\n`);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
    provider?.kill("SIGKILL");
  });

  it("signs in, keeps the token in memory, resumes after a reload, and signs out", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    // A link with a token does not sign in.
    await page.goto(`${stage.address}/data?x=1#token=${stage.token()}`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Sign in" }).click();
    // The person refuses.
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByText("Your identity provider has refused the sign-in").waitFor();
    expect(page.url()).toBe(`${stage.address}/data?x=1`);
    await expectNoViolations(page);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("input[name=login]").fill("ada");
    await page.locator("input[name=password]").fill("any");
    await page.locator("button[type=submit]").click();
    await page.getByText("There is no reconciliation yet").waitFor();
    expect(page.url()).toBe(`${stage.address}/data?x=1`);
    const stored = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
    expect(stored).not.toContain("eyJ");

    await page.reload();
    await page.getByText("There is no reconciliation yet").waitFor();
    expect(page.url()).toBe(`${stage.address}/data?x=1`);

    await page.getByRole("button", { name: "Account and settings" }).click();
    await page.getByText("ada", { exact: true }).waitFor();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();

    // A response to a sign-in that this tab did not start is ignored.
    await page.goto(`${stage.address}/?code=stolen&state=forged`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(page.url()).toBe(`${stage.address}/`);
    await context.close();
  });

  it("renews the token before it expires", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    // The token lasts for an hour. An hour and 59 minutes later, the new one is valid for another minute.
    await page.clock.install({ time: Date.now() - 3_600_000 });
    await page.goto(`${stage.address}/data`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("input[name=login]").fill("ada");
    await page.locator("input[name=password]").fill("any");
    const firstCall = page.waitForRequest(/\/v1\/contexts/);
    await page.locator("button[type=submit]").click();
    const before = (await firstCall).headers()["authorization"];
    await page.getByText("There is no reconciliation yet").waitFor();
    const renewing = page.waitForResponse((response) => response.url().endsWith("/token"));
    await page.clock.fastForward("01:59:05");
    expect((await renewing).status()).toBe(200);
    const isNew = (header: string | undefined) => header !== undefined && header !== before;
    const nextCall = page.waitForRequest(
      (request) => request.url().includes("/v1/") && isNew(request.headers()["authorization"]),
    );
    await page.getByRole("link", { name: "Events" }).click();
    await nextCall;
    await context.close();
  });
});
