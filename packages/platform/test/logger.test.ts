import { createLogger } from "../src/index.ts";

/** What is written of `fields`. */
function logged(fields: object): string {
  let text = "";
  const logger = createLogger("test", "info", { write: (line) => void (text += line) });
  logger.info(fields, "something happened");
  return text;
}

describe("the log", () => {
  it("is one JSON object a line, with the service, the time and the level", () => {
    expect(JSON.parse(logged({ jobId: "j1" }))).toMatchObject({
      service: "test",
      level: "info",
      jobId: "j1",
      msg: "something happened",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it.each([
    ["a header", { request: { headers: { authorization: "Bearer hunter2" } } }],
    ["a field", { password: "hunter2" }],
    ["a field of a field", { config: { secretAccessKey: "hunter2" } }],
    ["a URL in an error", { err: new Error("connect redis://docket:hunter2@cache:6379 failed") }],
    ["a URL without a user", { url: "redis://:hunter2@cache" }],
    [
      "a presigned URL",
      { url: "https://s3/b/k?X-Amz-Credential=hunter2%2Fx&X-Amz-Signature=hunter2" },
    ],
    ["a JWT in a text", { err: new Error("bad token eyJhbGciOi.hunter2.c2ln") }],
  ])("holds no secret that stands in %s", (_, fields) => {
    const text = logged(fields);
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("hunter2");
    expect(() => JSON.parse(text)).not.toThrow();
  });
});
