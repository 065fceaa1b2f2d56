import { resetPeakMemory, processUsage } from "@docket/testing";
import { seedDisputes } from "../src/upload-seed.ts";
import { sendUpload } from "../src/upload-send.ts";
import { createProcessStage, type ProcessStage } from "../../chaos/test/support/process-stage.ts";

const AT_ONCE = 100;
const FILE_BYTES = 10 * 1_048_576;
const MOST_MB = 400;

let stage: ProcessStage;

beforeAll(async () => {
  stage = await createProcessStage({ rows: 1 });
});

afterAll(() => stage.close());

describe("the API's memory", () => {
  it.each([
    ["of a length that is announced", false],
    ["in chunks", true],
  ])(
    "stays small while 100 files of 10 MiB come at once, %s, and others are answered meanwhile",
    async (_, chunked) => {
      const { client, token, apiPid } = stage;
      // A dispute takes 100 MiB.
      const disputes = await seedDisputes(client, AT_ONCE / 10);
      const file = Buffer.alloc(FILE_BYTES, "%PDF-1.7\n");
      const send = (n: number) =>
        sendUpload(client, token, disputes[n % disputes.length]!, { file, chunked });

      resetPeakMemory(apiPid);
      let left = AT_ONCE;
      const uploads = Promise.all(
        Array.from({ length: AT_ONCE }, (__, n) => send(n).finally(() => (left -= 1))),
      );
      let answersMeanwhile = 0;
      const asking = (async () => {
        while (left > 0) {
          await client.disputes.history(disputes[0]!);
          if (left > 0) answersMeanwhile += 1;
        }
      })();
      await Promise.all([uploads, asking]);

      // Only Linux tells the peak; elsewhere the answers are what is tested.
      expect(processUsage(apiPid)?.peakRssMb ?? 0).toBeLessThan(MOST_MB);
      expect(answersMeanwhile).toBeGreaterThan(0);
      for (const id of disputes) {
        const added = (await client.disputes.history(id)).filter((each) =>
          /evidence/i.test(each.type),
        );
        expect(added).toHaveLength(10);
      }
    },
    180_000,
  );
});
