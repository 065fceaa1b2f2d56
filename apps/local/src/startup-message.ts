import { homePaths, TOKEN_LIFETIME_HOURS } from "@docket/stack";

import { CONSOLE_TOKEN_HOURS, type Stack } from "./stack.ts";

/** What `npm start` prints once the stack is ready. */
export function startupMessage(
  { address, consoleUrl, demo }: Omit<Stack, "close">,
  home: string,
): string {
  const values = {
    API: address,
    Docs: `${address}/docs`,
    ...(demo !== undefined && {
      Tenant: demo.tenantId,
      Context: demo.contextId,
      Token: demo.token,
    }),
    State: home,
    Logs: homePaths.logs(home),
  };
  const lines = Object.entries(values).map(([name, value]) => `  ${name.padEnd(8)} ${value}`);
  const tokenHelp =
    demo === undefined
      ? []
      : [
          "",
          `The token is valid for ${TOKEN_LIFETIME_HOURS} h, the link for ${CONSOLE_TOKEN_HOURS} h. To get another token:`,
          `  npm run token -- --tenant ${demo.tenantId} --sub demo`,
        ];
  const ready =
    consoleUrl === undefined
      ? ["Docket is ready."]
      : ["Docket is ready. The console:", "", `  ${consoleUrl}`];
  const paragraphs = ["", ...ready, "", ...lines, ...tokenHelp];
  return [...paragraphs, "", "Press Ctrl-C to stop.", ""].join("\n");
}
