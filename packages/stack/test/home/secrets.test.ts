import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { homePaths } from "../../src/home/home.ts";
import { ensureSecrets, readSecrets } from "../../src/home/secrets.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "docket-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("ensureSecrets", () => {
  it("generates the secrets once, readable by their owner only", () => {
    const secrets = ensureSecrets(home);
    expect(ensureSecrets(home)).toEqual(secrets);
    expect(readSecrets(home)).toEqual(secrets);
    expect(statSync(homePaths.secrets(home)).mode & 0o777).toBe(0o600);
  });

  it("replaces a file that a power failure left incomplete", () => {
    const secrets = ensureSecrets(home);
    writeFileSync(homePaths.secrets(home), JSON.stringify(secrets).slice(0, 40));
    expect(readSecrets(home)).toBeUndefined();
    expect(ensureSecrets(home)).not.toEqual(secrets);
  });
});
