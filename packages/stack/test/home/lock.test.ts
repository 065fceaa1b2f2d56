import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { homePaths } from "../../src/home/home.ts";
import { HomeInUseError, lockHolder, lockHome } from "../../src/home/lock.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "docket-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("lockHome", () => {
  it("admits one holder at a time", () => {
    const release = lockHome(home);
    expect(() => lockHome(home)).toThrow(HomeInUseError);
    expect(() => lockHome(home)).toThrow(`already running in ${home} (process ${process.pid})`);
    expect(lockHolder(home)?.pid).toBe(process.pid);
    release();
    expect(lockHolder(home)).toBeUndefined();
    lockHome(home)();
  });

  it.each([
    ["of a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, identity: "x/1" })],
    ["whose pid has been reused", JSON.stringify({ pid: process.pid, identity: "x/1" })],
    ["that a power failure left empty", ""],
    ["that is not JSON", "\0\0\0\0"],
  ])("replaces a lock %s", (_, content) => {
    writeFileSync(homePaths.lock(home), content);
    lockHome(home)();
    expect(readdirSync(home)).toEqual([]);
  });

  it("leaves no other file behind", () => {
    const release = lockHome(home);
    expect(readdirSync(home)).toEqual(["lock"]);
    release();
    expect(readdirSync(home)).toEqual([]);
  });
});
