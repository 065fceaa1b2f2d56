import { execFile } from "node:child_process";
import { join } from "node:path";

const PROGRAM = join(__dirname, "../dist/main.js");

type Run = { readonly exitCode: number; readonly output: string };

const run = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, ...args], (_, output) =>
      resolve({ exitCode: child.exitCode ?? -1, output }),
    );
  });

test("an attack prints its row, and its result decides the exit code", async () => {
  const { exitCode, output } = await run("--attack", "long-amounts", "--seconds", "6");
  const row = output.split("\n").find((line) => /^ {2}long-amounts /.test(line));
  // The attack was refused, and the victim was served.
  expect(row).toMatch(/^ {2}long-amounts +(\d+\/\d+ +){5}\d+ .*422: \d+/);
  expect(exitCode).toBe(/ ok /.test(row!) ? 0 : 1);
});

test("a call over the limit fails the run", async () => {
  const { exitCode, output } = await run("--attack", "none", "--seconds", "1", "--limit-ms", "1");
  expect(output).toMatch(/^none: .*calls took over 1 ms/m);
  expect(exitCode).toBe(1);
});
