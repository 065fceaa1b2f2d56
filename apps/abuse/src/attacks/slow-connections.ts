import { inParallel, repeat } from "../attacker/repeat.ts";
import type { RawCall, Tenant } from "../attacker/tenant.ts";
import type { Attack } from "./attack.ts";
import { postFile, postRecords } from "./calls.ts";

const CONNECTIONS = 60;

/** Sends the body of a request with one byte a second. */
const slowWrites = (name: string, call: (tenant: Tenant) => RawCall): Attack => ({
  name,
  run: (signal, tenant) => repeat(signal, CONNECTIONS, () => tenant.sendSlowly(call(tenant))),
});

const withLength = ({ headers, ...call }: RawCall, length: number, drip: string): RawCall => ({
  ...call,
  headers: { ...headers, "content-length": length },
  drip,
});

export const slowConnections: readonly Attack[] = [
  {
    name: "slow-reads",
    needs: ["pages"],
    run: (_signal, tenant) =>
      inParallel(CONNECTIONS, () =>
        tenant.sendUnread({ path: "/v1/disputes?limit=200", pipelined: 20 }),
      ),
  },
  slowWrites("slow-uploads", ({ disputeId }) =>
    withLength(postFile(disputeId, "text/csv"), 1_000_000, "1"),
  ),
  slowWrites("slow-loads", (tenant) => withLength(postRecords(tenant), 1_000_000, " ")),
  slowWrites("slow-gets", () => withLength({ path: "/v1/contexts" }, 100_000, "1")),
];
