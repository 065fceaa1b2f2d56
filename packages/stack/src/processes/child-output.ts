import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import type { LogFile } from "./log-file.ts";

/** One line of a process's JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

export type ChildOutput = {
  /** Resolves with the line whose `msg` is the ready message. */
  readonly ready: Promise<LogLine>;
  /** The last error lines, for the message of a failed start. */
  readonly lastErrors: () => readonly string[];
};

const MAX_ERRORS = 3;
const ERROR_LEVEL = /"level":"(?:fatal|error)"/;

/** Copies a process's output to its log file, and watches it for the ready message and for errors. */
export function watchOutput(
  child: ChildProcess,
  log: Pick<LogFile, "write">,
  readyMessage: string,
): ChildOutput {
  const errors: string[] = [];
  const addError = (line: string): void => {
    errors.push(line);
    if (errors.length > MAX_ERRORS) errors.shift();
  };
  const ready = new Promise<LogLine>((resolve) => {
    let isReady = false;
    eachLine(child.stdout, (line) => {
      log.write(line);
      // A busy process writes thousands of lines a second: once it is ready, only errors are parsed.
      if (isReady && !ERROR_LEVEL.test(line)) return;
      const entry = parse(line);
      if (entry["msg"] === readyMessage) {
        isReady = true;
        resolve(entry);
      }
      if (entry["level"] === "fatal" || entry["level"] === "error") addError(messageOf(entry));
    });
  });
  eachLine(child.stderr, (line) => {
    log.write(line);
    if (line.trim() !== "") addError(line.trim());
  });
  return { ready, lastErrors: () => errors };
}

function eachLine(stream: ChildProcess["stdout"], handle: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on("line", handle);
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as LogLine) : {};
  } catch {
    return {};
  }
}

function messageOf(entry: LogLine): string {
  const error = entry["err"] as { message?: unknown } | undefined;
  const cause = typeof error?.message === "string" ? ` (${error.message.split("\n")[0]})` : "";
  return `${String(entry["msg"])}${cause}`;
}
