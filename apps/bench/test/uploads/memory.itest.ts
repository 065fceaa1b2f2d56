import { createLifetime, createLogger, type Lifetime } from "@docket/platform";

import { startBenchStack, type BenchApi, type BenchStack } from "../../src/stack.ts";
import { measureMemory } from "../../src/uploads/memory.ts";
import { seedDisputes } from "../../src/uploads/seed.ts";

const UPLOADS = 100;
const FILE_BYTES = 10 * 1_048_576;
const FILES_PER_DISPUTE = 10;
const MAX_RSS_MB = 400;

let lifetime: Lifetime;
let stack: BenchStack;
let api: BenchApi;

beforeAll(async () => {
  lifetime = createLifetime(createLogger("test", "error"));
  const { signal } = new AbortController();
  stack = await startBenchStack({ lifetime, signal, print: () => undefined });
  api = await stack.startApi();
});

afterAll(() => lifetime.close());

describe("100 parallel uploads of 10 MiB", () => {
  it.each([
    ["with a Content-Length", false],
    ["in chunks", true],
  ])(
    "leave the API's memory small and other requests answered when they are sent %s",
    async (_, chunked) => {
      const disputes = await seedDisputes(api.client, UPLOADS / FILES_PER_DISPUTE);
      const file = Buffer.alloc(FILE_BYTES, "%PDF-1.7\n");
      const { token } = stack;
      const measured = await measureMemory({ api, token, disputes, count: UPLOADS, file, chunked });

      // Only Linux reports the peak; elsewhere the test covers the other assertions.
      expect(measured.peakRssMb ?? 0).toBeLessThan(MAX_RSS_MB);
      // One probe always completes; further ones show that the uploads did not block the API.
      expect(measured.requests).toBeGreaterThan(1);
      for (const id of disputes) {
        const history = await api.client.disputes.history(id, { limit: 200 }).page();
        expect(history.items.filter(({ type }) => /evidence/i.test(type))).toHaveLength(
          FILES_PER_DISPUTE,
        );
      }
    },
    180_000,
  );
});
