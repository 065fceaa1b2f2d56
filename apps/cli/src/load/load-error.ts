import type { Answer } from "./send.ts";

/** The API refused the file. The message has one line for each fault. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

type Problem = {
  readonly detail?: string;
  readonly title?: string;
  readonly code?: string;
  readonly errors?: readonly {
    readonly line?: number;
    readonly field: string;
    readonly detail: string;
  }[];
};

export function toLoadError({ status, retryAfter, text }: Answer): LoadError {
  const problem = parseProblem(text);
  const reason = problem.detail ?? problem.title ?? "No reason was given.";
  const retry = retryAfter === undefined ? "" : ` Try again in ${retryAfter} s.`;
  const code = problem.code === undefined ? "" : `, ${problem.code}`;
  const faults = (problem.errors ?? []).map(({ line, field, detail }) => {
    const position = [line === undefined ? "" : `line ${line}`, field].filter(Boolean).join(", ");
    return `  ${position}: ${detail}`;
  });
  const lines = [`${reason}${retry} (${status}${code})`, ...faults];
  return new LoadError(lines.map(escapeControls).join("\n"));
}

function parseProblem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    // Not an answer of the API, or a truncated one. The status has to do.
    return {};
  }
}

/** A fault may quote the file, whose control characters must not reach the terminal. */
const escapeControls = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
