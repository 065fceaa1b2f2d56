import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { homePaths, prepareHome } from "../../src/home/home.ts";
import { lockHome } from "../../src/home/lock.ts";
import { publishAddress, runningStack, withdrawAddress } from "../../src/home/running-stack.ts";

let parent: string;
let home: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "docket-home-"));
  home = join(parent, "home");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("prepareHome", () => {
  it("creates a home that other users can traverse but not list", () => {
    prepareHome(home);
    expect(modeOf(home)).toBe(0o711);
    expect(modeOf(homePaths.objects(home))).toBe(0o700);
    expect(modeOf(homePaths.logs(home))).toBe(0o700);
  });

  it("leaves the mode of an existing directory alone", () => {
    mkdirSync(home);
    chmodSync(home, 0o700);
    prepareHome(home);
    expect(modeOf(home)).toBe(0o700);
    expect(existsSync(homePaths.logs(home))).toBe(true);
  });
});

describe("runningStack", () => {
  it("is the published address while the home is locked", () => {
    prepareHome(home);
    const release = lockHome(home);
    expect(runningStack(home)).toBeUndefined();
    publishAddress(home, "http://127.0.0.1:3000");
    expect(runningStack(home)).toEqual({ address: "http://127.0.0.1:3000" });
    withdrawAddress(home);
    expect(runningStack(home)).toBeUndefined();
    release();
  });

  it("ignores the address of a stack that was killed", () => {
    prepareHome(home);
    publishAddress(home, "http://127.0.0.1:3000");
    expect(runningStack(home)).toBeUndefined();
  });
});
