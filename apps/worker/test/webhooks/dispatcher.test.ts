import type { WebhookLane } from "@docket/platform/rows";
import { pino } from "pino";
import { createDispatcher } from "../../src/webhooks/dispatcher.ts";

const lane = (tenantId: string, endpoint: number): WebhookLane => ({
  tenantId,
  endpointId: `${tenantId}-${endpoint}`,
  retries: false,
});

describe("the dispatcher", () => {
  it("gives a tenant its share of the permits, and the next free one to the tenant with the fewest", async () => {
    const started: string[] = [];
    const finish = new Map<string, (hasRun: boolean) => void>();
    const dispatcher = createDispatcher({
      run: ({ endpointId }) =>
        new Promise((resolve) => {
          started.push(endpointId);
          finish.set(endpointId, resolve);
        }),
      logger: pino({ level: "silent" }),
      permits: 4,
      perTenant: 3,
    });
    for (let n = 1; n <= 9; n += 1) dispatcher.wake(lane("a", n));
    dispatcher.wake(lane("a", 9));
    expect(started).toEqual(["a-1", "a-2", "a-3"]);
    dispatcher.wake(lane("b", 1));
    dispatcher.wake(lane("b", 2));
    expect(started.slice(3)).toEqual(["b-1"]);
    finish.get("a-1")?.(true);
    await new Promise(setImmediate);
    expect(started.slice(4)).toEqual(["b-2"]);
    finish.get("b-1")?.(false);
    await new Promise(setImmediate);
    // A lane that has run goes to the end.
    expect(started.slice(5)).toEqual(["a-4"]);
    const closed = dispatcher.close();
    for (const end of finish.values()) end(false);
    await closed;
    expect(started).toHaveLength(6);
  });

  it("claims one attempt of a lane at a time, and another one as soon as the first is claimed", async () => {
    const claims: ((isRoomLeft: boolean) => void)[] = [];
    const ends: ((hasRun: boolean) => void)[] = [];
    const dispatcher = createDispatcher({
      run: (_lane, onClaimed) =>
        new Promise((resolve) => {
          claims.push(onClaimed);
          ends.push(resolve);
        }),
      logger: pino({ level: "silent" }),
      permits: 4,
      perTenant: 4,
    });
    const only = lane("a", 1);
    for (let n = 0; n < 3; n += 1) dispatcher.wake(only);
    expect(claims).toHaveLength(1);
    claims[0]?.(true);
    expect(claims).toHaveLength(2);
    ends[0]?.(true);
    await new Promise(setImmediate);
    // The end of the first attempt does not let a third one pass the claim of the second.
    expect(claims).toHaveLength(2);
    claims[1]?.(false);
    ends[1]?.(true);
    await new Promise(setImmediate);
    expect(claims).toHaveLength(3);
    const closed = dispatcher.close();
    for (const end of ends) end(false);
    await closed;
  });
});
