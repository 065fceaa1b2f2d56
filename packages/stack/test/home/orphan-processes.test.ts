import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { homePaths } from "../../src/home/home.ts";
import { openProcessList, stopOrphans } from "../../src/home/orphan-processes.ts";
import { identifyProcess, isRunning } from "../../src/processes/process-identity.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "docket-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ignoreLog = (): undefined => undefined;

describe("stopOrphans", () => {
  it("kills a process of an earlier run that ignores SIGTERM", async () => {
    const program =
      "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ["-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    openProcessList(home).add(child.pid!);
    const identity = identifyProcess(child.pid!)!;
    expect(isRunning(identity)).toBe(true);

    await stopOrphans(home, ignoreLog, 200);
    expect(isRunning(identity)).toBe(false);
  });

  it("leaves a process alone that has reused the pid", async () => {
    const reused = [{ pid: process.pid, identity: "another boot/1" }];
    writeFileSync(homePaths.processes(home), JSON.stringify(reused));
    await stopOrphans(home, ignoreLog);
  });
});
