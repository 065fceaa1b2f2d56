import { basename } from "node:path";

import { isUuid } from "@docket/domain";
import { createClient, type IngestResult } from "@docket/client";
import type { LoadCommand } from "./command.ts";
import { loadProgress, type Output } from "./progress.ts";
import { sendFile, type Answer } from "./send.ts";

/**
 * Pushes a file into a context and says what became of it.
 *
 * @throws LoadError when it was refused; Error when there was no answer.
 */
export async function runLoad(command: LoadCommand, output: Output): Promise<void> {
  const { address, token, kind, file } = command;
  const contextId = await findContext(command);
  const progress = loadProgress(basename(file.path), file.bytes, output);
  const url = `${address}/v1/contexts/${contextId}/records/${kind}`;
  const answer = await sendFile({ url, token, file, progress: progress.sent }).finally(
    progress.stop,
  );
  if (answer.status !== 200) throw new LoadError(refusalOf(answer));
  const { received, inserted, updated, unchanged } = JSON.parse(answer.text) as IngestResult;
  const counts = { received, inserted, updated, unchanged };
  const said = Object.entries(counts).map(
    ([name, count]) => `${name} ${count.toLocaleString("en")}`,
  );
  output.write(`${kind}: ${said.join(", ")}\n`);
}

/** The API refused the load. The message may have several lines: one for each fault. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** By name, or by id: names are what people know, ids what programs do. */
async function findContext({ address, token, context }: LoadCommand): Promise<string> {
  const found = await createClient({ address, token }).findContext(context);
  if (found !== undefined) return found.id;
  const id = context.toLowerCase();
  if (isUuid(id)) return id;
  throw new LoadError(
    `There is no context named ${JSON.stringify(context)} in this tenant. Create it and its sources first: docs/ingest.md.`,
  );
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

function refusalOf({ status, retryAfter, text }: Answer): string {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not ours, or cut short: the status says enough.
  }
  const again = retryAfter === undefined ? "" : ` Try again in ${retryAfter} s.`;
  const said = problem.detail ?? problem.title ?? "No reason was given.";
  const head = `${said}${again} (${status}${problem.code === undefined ? "" : `, ${problem.code}`})`;
  const faults = (problem.errors ?? []).map(({ line, field, detail }) => {
    const where = [line === undefined ? "" : `line ${line}`, field].filter(Boolean).join(", ");
    return `  ${where}: ${detail}`;
  });
  return [head, ...faults].map(printable).join("\n");
}

/** A file's own words may stand in a fault: none of them is to move the terminal's cursor. */
const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
