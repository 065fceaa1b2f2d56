import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  ensureSecrets,
  holderOf,
  HomeInUseError,
  inHome,
  isRunning,
  lockHome,
  markProcess,
  openProcessRecord,
  prepareHome,
  readSecrets,
  stopLeftovers,
} from "@docket/stack";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "docket-home-"));
  prepareHome(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe("the secrets", () => {
  test("are made once, for the owner's eyes only", async () => {
    const secrets = ensureSecrets(home);
    expect(ensureSecrets(home)).toEqual(secrets);
    expect(readSecrets(home)).toEqual(secrets);
    expect((await stat(inHome.secrets(home))).mode & 0o777).toBe(0o600);
  });

  test("are made anew when a power cut left half a file", async () => {
    const secrets = ensureSecrets(home);
    await writeFile(inHome.secrets(home), JSON.stringify(secrets).slice(0, 40));
    expect(readSecrets(home)).toBeUndefined();
    expect(ensureSecrets(home)).not.toEqual(secrets);
  });
});

describe("the lock", () => {
  test("is for one at a time", () => {
    const release = lockHome(home);
    expect(() => lockHome(home)).toThrow(HomeInUseError);
    expect(() => lockHome(home)).toThrow(`already running in ${home} (process ${process.pid})`);
    expect(holderOf(home)?.pid).toBe(process.pid);
    release();
    expect(holderOf(home)).toBeUndefined();
    lockHome(home)();
  });

  test.each([
    ["of a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, identity: "x/1" })],
    ["whose pid is another process's now", JSON.stringify({ pid: process.pid, identity: "x/1" })],
    ["that a power cut emptied", ""],
    ["that is no JSON", "\0\0\0\0"],
  ])("one %s counts for nothing", async (_, content) => {
    await writeFile(join(home, "lock"), content);
    lockHome(home)();
    expect(await readdir(home)).toEqual(expect.not.arrayContaining(["lock"]));
  });

  test("leaves nothing beside itself", async () => {
    const release = lockHome(home);
    expect((await readdir(home)).filter((name) => name.startsWith("lock"))).toEqual(["lock"]);
    release();
    expect((await readdir(home)).filter((name) => name.startsWith("lock"))).toEqual([]);
  });
});

describe("leftovers", () => {
  test("of an earlier run are stopped, also those that do not listen", async () => {
    const deaf = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ["-e", deaf], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    openProcessRecord(home).add(child.pid!);
    const mark = markProcess(child.pid!)!;
    expect(isRunning(mark)).toBe(true);

    await stopLeftovers(home, () => undefined);
    expect(isRunning(mark)).toBe(false);
  });

  test("are nobody else's process that got the same pid", async () => {
    const stranger = [{ pid: process.pid, identity: "another boot/1" }];
    await writeFile(inHome.processes(home), JSON.stringify(stranger));
    await stopLeftovers(home, () => undefined);
  });
});
