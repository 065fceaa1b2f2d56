import { setTimeout as sleep } from "node:timers/promises";

import { inParallel, repeat } from "../attacker/repeat.ts";
import type { Call, Tenant } from "../attacker/tenant.ts";
import type { Attack } from "./attack.ts";
import { postJson } from "./calls.ts";

/** Sends the same request from many connections at once. */
const storm = (
  name: string,
  parallel: number,
  call: (tenant: Tenant) => Call,
  needs: Attack["needs"] = [],
): Attack => ({
  name,
  needs,
  run: (signal, tenant) => repeat(signal, parallel, () => tenant.send(call(tenant))),
});

const UNKNOWN_JOB = "01980000-0000-7000-8000-000000000000";

const EXPORT = {
  reportType: "UNMATCHED",
  format: "XML",
  dateFrom: "2026-01-01",
  dateTo: "2026-12-31",
} as const;

export const storms: readonly Attack[] = [
  storm("count-storm", 60, ({ contextId }) => ({ path: `/v1/contexts/${contextId}` }), [
    "transactions",
  ]),
  storm("huge-pages", 10, () => ({ path: "/v1/disputes?limit=200" }), ["pages"]),
  storm("polling-storm", 60, () => ({ path: `/v1/export-jobs/${UNKNOWN_JOB}` })),
  {
    name: "hundred-exports",
    needs: ["transactions"],
    run: (signal, tenant) =>
      repeat(signal, 1, async () => {
        const create = postJson(`/v1/contexts/${tenant.contextId}/export-jobs`, EXPORT);
        await inParallel(100, () => tenant.send(create));
        await sleep(1_000, undefined, { signal });
      }),
  },
];
