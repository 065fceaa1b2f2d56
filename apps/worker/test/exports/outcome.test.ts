import { StorageError } from "@docket/platform/storage";
import { AttemptStopped, outcomeOf } from "../../src/exports/outcome.ts";

const connectionRefused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), {
  code: "ECONNREFUSED",
});

describe("the outcome of an attempt", () => {
  it("is a retry if the store is unavailable, although the cause looks like a database error", () => {
    expect(outcomeOf(new StorageError("storage_unavailable", connectionRefused))).toMatchObject({
      kind: "retry",
      code: "storage_unavailable",
    });
  });

  it("is a permanent failure if the store is misconfigured or the file too large", () => {
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
    connectionRefused,
    // From another realm: not an instance of this realm's Error.
    { message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
    Object.assign(new Error("terminating connection"), { code: "57P01" }),
    Object.assign(new Error("too many connections"), { code: "53300" }),
    new Error("query failed", { cause: Object.assign(new Error("x"), { code: "P1001" }) }),
  ])("is a delayed hand-back if the database is unavailable: %s", (error) => {
    expect(outcomeOf(error)).toEqual({
      kind: "hand-back",
      isShutdown: false,
    });
  });

  it("is an immediate hand-back after a shutdown, and nothing if the claim is lost", () => {
    expect(outcomeOf(new AttemptStopped("shutdown"))).toEqual({
      kind: "hand-back",
      isShutdown: true,
    });
    expect(outcomeOf(new AttemptStopped("lost"))).toEqual({ kind: "lost" });
  });

  it("is a retry without internals in its message for any other error", () => {
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
