import { withTimeout } from "../../src/index.ts";

describe("withTimeout", () => {
  it("resolves with the result of the work", async () => {
    await expect(withTimeout(1_000, Promise.resolve("done"))).resolves.toBe("done");
  });

  it("rejects with the error of the work", async () => {
    await expect(withTimeout(1_000, Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  });

  it("rejects after the timeout", async () => {
    await expect(withTimeout(5, new Promise(() => undefined))).rejects.toThrow("within 5 ms");
  });
});
