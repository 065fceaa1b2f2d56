import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createDocket } from "@docket/client";

import { inParallel, repeat } from "../attacker/repeat.ts";
import type { Tenant } from "../attacker/tenant.ts";
import type { Attack } from "./attack.ts";
import { postJson } from "./calls.ts";

/** The most that a tenant may have (docs/api.md §9). */
const ENDPOINTS = 50;

/** Every attempt to deliver to the endpoints hangs until its limit of 15 s. */
const hangingEndpoints: Attack = {
  name: "hanging-endpoints",
  run: async (signal, tenant) => {
    const server = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // Not ended by the signal of the attack, which must clean up after itself.
    const { webhookEndpoints } = createDocket({
      baseUrl: tenant.address,
      token: tenant.tokens[0]!,
    });
    const ids: string[] = [];
    try {
      await inParallel(ENDPOINTS, async () => {
        ids.push((await webhookEndpoints.create({ url })).id);
      });
      await makeEvents(signal, tenant);
    } finally {
      // Later attacks must find only the victim's endpoints.
      await Promise.all(ids.map((id) => webhookEndpoints.delete(id)));
      server.closeAllConnections();
      server.close();
    }
  },
};

const makeEvents = (signal: AbortSignal, tenant: Tenant): Promise<void> =>
  repeat(signal, 4, () => tenant.send(postJson("/v1/contexts", { name: randomUUID() })));

/** More than a tenant may have open at once. */
const STREAMS = 150;

/** Opens streams of all events, reads none, and makes more events. */
const manyStreams: Attack = {
  name: "many-streams",
  run: async (signal, tenant) => {
    const path = "/v1/events/stream?after=0";
    await Promise.all([
      repeat(signal, STREAMS, () => tenant.sendUnread({ path })),
      makeEvents(signal, tenant),
    ]);
  },
};

export const eventAttacks: readonly Attack[] = [hangingEndpoints, manyStreams];
