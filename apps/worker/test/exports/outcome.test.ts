import { StorageError } from "@docket/platform/storage";
import { AttemptStopped, outcomeOf } from "../../src/exports/outcome.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), {
  code: "ECONNREFUSED",
});

describe("the outcome of an attempt", () => {
  it("is a retry when the store is away, though its cause is a socket's fault like the database's", () => {
    expect(outcomeOf(new StorageError("storage_unavailable", refused))).toMatchObject({
      kind: "retry",
      code: "storage_unavailable",
    });
  });

  it("is a failure when the store refuses for good", () => {
    expect(outcomeOf(new StorageError("bucket_missing"))).toMatchObject({
      kind: "fail",
      code: "bucket_missing",
    });
    expect(outcomeOf(new StorageError("export_too_large"))).toMatchObject({
      kind: "fail",
      code: "export_too_large",
    });
  });

  it.each([
    refused,
    // As another realm makes it: not an instance of our Error.
    { message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
    Object.assign(new Error("terminating connection"), { code: "57P01" }),
    Object.assign(new Error("too many connections"), { code: "53300" }),
    new Error("query failed", { cause: Object.assign(new Error("x"), { code: "P1001" }) }),
  ])("hands back, and not at once, when the database is away", (error) => {
    expect(outcomeOf(error)).toEqual({ kind: "hand-back", soon: false });
  });

  it("hands back at once when the worker is to stop, and writes nothing when the claim is lost", () => {
    expect(outcomeOf(new AttemptStopped("shutdown"))).toEqual({ kind: "hand-back", soon: true });
    expect(outcomeOf(new AttemptStopped("lost"))).toEqual({ kind: "lost" });
  });

  it("is a retry with a sentence that says nothing of the inside, for whatever else it was", () => {
    const disk = Object.assign(new Error("could not write /var/lib/pg: disk full"), {
      code: "53100",
    });
    expect(outcomeOf(disk)).toMatchObject({
      kind: "retry",
      code: "export_failed",
      message: expect.not.stringContaining("disk"),
    });
  });
});
