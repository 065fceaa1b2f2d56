import { pino } from "pino";
import { checkNodeVersion } from "../../src/index.ts";

function check(node: string) {
  const lines: { msg: string }[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  const env: NodeJS.ProcessEnv = {};
  checkNodeVersion({ env, versions: { node } as NodeJS.ProcessVersions }, logger);
  return { lines, env };
}

describe("the check of the Node version", () => {
  it("logs one warning on Node 20 in place of the AWS SDK's", () => {
    const { lines, env } = check("20.20.2");
    expect(lines).toMatchObject([{ node: "20.20.2", msg: expect.stringMatching(/end of life/) }]);
    expect(env).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
  });

  it.each(["22.23.0", "24.21.0"])("does nothing on Node %s", (version) => {
    expect(check(version)).toEqual({ lines: [], env: {} });
  });
});
