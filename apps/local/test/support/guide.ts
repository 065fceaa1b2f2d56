import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

const PROGRAMS = ["bash", "curl", "awk", "gzip", "sed", "openssl", "sha256sum"];

/** The programs that the guides call and that are not installed. */
export const missingPrograms = (): string[] =>
  PROGRAMS.filter((name) => spawnSync(name, ["--version"]).error !== undefined);

export type GuideOptions = {
  /** The commands of a guide; see {@link readCommands}. */
  readonly commands: string;
  /** Values for variables that the guide assigns, in place of its own. */
  readonly assign?: Readonly<Record<string, string>>;
  /** The home of the stack that the commands are run against. */
  readonly home: string;
  /** Where the commands' working directory is created. */
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export type GuideResult = {
  readonly output: string;
  /** The values of the shell's variables after the last command. */
  readonly variables: Readonly<Record<string, string>>;
  /** The working directory, with the files that the commands left there. */
  readonly directory: string;
};

/** All `sh` blocks of a Markdown file, as if they were pasted one after the other. */
export function readCommands(file: string): string {
  return shellBlocks(readFileSync(join(ROOT, file), "utf8"));
}

/** The `sh` blocks of a Markdown text. */
export const shellBlocks = (markdown: string): string =>
  [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block).join("\n");

const TIMEOUT_MS = 180_000;
const SEPARATOR = "---- variables ----";

/** Runs a guide's commands in one shell. @throws Error with the output when a command fails. */
export async function runGuide(options: GuideOptions): Promise<GuideResult> {
  const { commands, assign = {}, home, environment } = options;
  const directory = createWorkingDirectory(options.directory);
  let script = commands;
  for (const [name, value] of Object.entries(assign)) script = reassign(script, name, value);
  const lines = ["set -eo pipefail", script, `echo; echo '${SEPARATOR}'; (set -o posix; set)`];
  const shell = spawn("bash", ["-c", lines.join("\n")], {
    cwd: directory,
    env: { PATH: process.env["PATH"], DOCKET_HOME: home, TMPDIR: directory, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
  });
  let output = "";
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(shell, "close")) as [number | null];
  if (code !== 0) throw new Error(`The guide's commands ended with ${code}:\n${output}`);
  const [printed = "", variables = ""] = output.split(`${SEPARATOR}\n`);
  return { output: printed, variables: parseVariables(variables), directory };
}

/** A directory in which `npm run` works as in the repository, and that keeps the guide's files out of the repository. */
function createWorkingDirectory(parent: string): string {
  const directory = mkdtempSync(join(parent, "guide-"));
  for (const name of ["package.json", "apps", "packages", "node_modules"]) {
    symlinkSync(join(ROOT, name), join(directory, name));
  }
  return directory;
}

function reassign(script: string, name: string, value: string): string {
  const assignment = new RegExp(`^${name}=.*$`, "m");
  if (!assignment.test(script)) throw new Error(`The guide does not assign ${name}.`);
  return script.replace(assignment, `${name}='${value}'`);
}

const parseVariables = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value = ""]) => [
      name,
      value.replace(/^'(.*)'$/, "$1"),
    ]),
  );
