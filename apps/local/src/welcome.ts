import { inHome, TOKEN_HOURS } from "@docket/stack";
import type { Stack } from "./stack.ts";

/** What `npm start` prints once everything is ready. */
export function welcome({ address, demo }: Omit<Stack, "close">, home: string): string {
  const shown = {
    API: address,
    Docs: `${address}/docs`,
    ...(demo !== undefined && {
      Tenant: demo.tenantId,
      Context: demo.contextId,
      Token: demo.token,
    }),
    State: home,
    Logs: inHome.logs(home),
  };
  const lines = Object.entries(shown).map(([name, value]) => `  ${name.padEnd(8)} ${value}`);
  const about =
    demo === undefined
      ? []
      : [
          "",
          `The token is valid for ${TOKEN_HOURS} h; another one:`,
          `  npm run token -- --tenant ${demo.tenantId} --sub demo`,
        ];
  return ["", "Docket is ready.", "", ...lines, ...about, "", "Ctrl-C stops everything.", ""].join(
    "\n",
  );
}
