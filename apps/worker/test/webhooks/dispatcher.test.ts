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
});
