import { createLogger, secretsIn } from "../../src/index.ts";

const ENVIRONMENT = {
  DATABASE_URL: "postgres://app:p%40ss-word-1@db.internal/docket",
  EXPORT_DATABASE_URL: "postgres://app:test@db.internal/docket",
  QUEUE_URL: "redis://:queue-password@redis.internal:6379",
  JWT_SECRET: 'a "quoted" secret of some length',
  S3_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCY",
};

/** The line that is logged for `fields`. */
function logged(fields: object): string {
  let text = "";
  const destination = { write: (line: string) => void (text += line) };
  const logger = createLogger("test", "info", { destination, secrets: secretsIn(ENVIRONMENT) });
  logger.info(fields, "something happened");
  return text;
}

describe("the log", () => {
  it("is one JSON object per line, with the service, the time and the level", () => {
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
    ["a nested field", { config: { secretAccessKey: "hunter2" } }],
    ["a URL in an error", { err: new Error("connect redis://docket:hunter2@cache:6379 failed") }],
    ["a URL without a user", { url: "redis://:hunter2@cache" }],
    [
      "a presigned URL",
      { url: "https://s3/b/k?X-Amz-Credential=hunter2%2Fx&X-Amz-Signature=hunter2" },
    ],
    ["a JWT in a text", { err: new Error("bad token eyJhbGciOi.hunter2.c2ln") }],
  ])("redacts a secret in %s", (_, fields) => {
    const text = logged(fields);
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("hunter2");
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each([
    ["the database password", "p@ss-word-1"],
    ["the database password, percent-encoded", "p%40ss-word-1"],
    ["the queue password", "queue-password"],
    ["the token secret", ENVIRONMENT.JWT_SECRET],
    ["the store secret", ENVIRONMENT.S3_SECRET_ACCESS_KEY],
  ])("redacts %s from the environment wherever it appears", (_, secret) => {
    const refused = Object.assign(new Error("refused"), { command: { args: ["user", secret] } });
    for (const fields of [{ err: refused }, { deep: [{ er: { still: `is ${secret}.` } }] }]) {
      const text = logged(fields);
      expect(text).toContain("[redacted]");
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it("keeps a word that is also a short password", () => {
    expect(JSON.parse(logged({}))).toMatchObject({ service: "test" });
  });

  it.each(["a".repeat(16_384), "-eyJ".repeat(4_096), "://".repeat(5_000), '\\"'.repeat(8_000)])(
    "takes no longer for hostile text than for other text of the same length: %#",
    (text) => {
      const seconds = (value: string): number => {
        const start = performance.now();
        for (let count = 0; count < 20; count += 1) logged({ value });
        return performance.now() - start;
      };
      seconds(text);
      // A quadratic pattern takes hundreds of times as long.
      expect(seconds(text)).toBeLessThan(20 * seconds("x y ".repeat(text.length / 4)) + 50);
    },
  );
});
