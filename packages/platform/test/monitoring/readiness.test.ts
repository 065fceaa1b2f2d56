import { waitFor } from "@docket/testing";
import { pino } from "pino";
import { createReadinessCheck } from "../../src/monitoring/index.ts";

const logger = pino({ level: "silent" });

describe("the readiness check", () => {
  it("asks each dependency once for all callers of a second, and again afterwards", async () => {
    let pings = 0;
    let isDown = true;
    const database = async (): Promise<void> => {
      pings += 1;
      if (isDown) throw new Error("down");
    };
    const check = createReadinessCheck(
      { database, queue: async () => undefined, storage: undefined },
      logger,
    );
    const answers = await Promise.all(Array.from({ length: 100 }, check));
    expect(pings).toBe(1);
    for (const answer of answers)
      expect(answer).toEqual({
        ready: false,
        checks: { database: "down", queue: "up", storage: "not_configured" },
      });
    isDown = false;
    await waitFor(async () => (await check()).ready);
    expect(pings).toBe(2);
  });
});
