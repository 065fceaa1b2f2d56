import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** The programs that the guide's commands call, beside Node. */
const PROGRAMS = ["bash", "curl", "awk", "gzip"];

/** Those that are not there; none on nearly every machine. */
export const missingPrograms = (): string[] =>
  PROGRAMS.filter((name) => spawnSync(name, ["--version"]).error !== undefined);

export type GuideRun = {
  readonly address: string;
  readonly home: string;
  /** The context's name; the guide's own is taken once it was run. */
  readonly context: string;
  /** Where the Czech bank's two files are; they take the place of the guide's own. */
  readonly data?: string;
};

/** What the guide's commands printed, and what its variables held in the end. */
export type GuideOutcome = {
  readonly output: string;
  readonly directory: string;
  readonly contextId: string;
  readonly exceptionId: string;
};

/** Runs every command of docs/ingest.md in a shell of its own, as somebody who pastes them all. The first that fails ends it. */
export async function runGuide({ address, home, context, data }: GuideRun): Promise<GuideOutcome> {
  const text = readFileSync(`${ROOT}docs/ingest.md`, "utf8");
  const commands = data === undefined ? blocksOf(text) : withOtherFiles(text);
  const script = [
    "set -eo pipefail",
    put(put(commands, "BASE", address), "NAME", context),
    `printf '\\n%s' "$DIR" "$CONTEXT" "$EXCEPTION"`,
  ].join("\n");
  const shell = spawn("bash", ["-c", script], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], DOCKET_HOME: home, DATA: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (output += part));
  const [code] = (await once(shell, "close")) as [number | null];
  if (code !== 0) throw new Error(`The guide's commands ended with ${code}:\n${output}`);
  const [directory = "", contextId = "", exceptionId = ""] = output.split("\n").slice(-3);
  return { output, directory, contextId, exceptionId };
}

const blocksOf = (text: string): string =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block).join("\n");

/** The guide with the commands of its one console session in place of the block before them. */
function withOtherFiles(text: string): string {
  const session = /^```sh\n(?:(?!^```).)*^```\n(?:(?!^```).)*^```console\n(.*?)^```/ms;
  const [, lines = ""] = session.exec(text) ?? [];
  if (lines === "") throw new Error("docs/ingest.md has no console session");
  return blocksOf(text.replace(session, `\`\`\`sh\n${lines.replaceAll(/^\$ /gm, "")}\`\`\``));
}

/** Sets a variable to another value where the guide sets it. */
function put(commands: string, name: string, value: string): string {
  const line = new RegExp(`^${name}=.*$`, "m");
  if (!line.test(commands)) throw new Error(`docs/ingest.md does not set ${name}`);
  return commands.replace(line, `${name}='${value}'`);
}
