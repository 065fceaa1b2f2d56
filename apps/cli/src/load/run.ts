import { basename } from "node:path";

import { createClient, type IngestResult } from "@docket/client";
import { isUuid } from "@docket/domain";
import type { Output } from "@docket/terminal";

import type { LoadCommand } from "./command.ts";
import { createLoadProgress } from "./progress.ts";
import { LoadError, toLoadError } from "./load-error.ts";
import { sendFile } from "./send.ts";

/**
 * Loads a file into a context and prints the counts of its records.
 *
 * @throws LoadError when the API refuses the file; Error when there is no answer.
 */
export async function runLoad(command: LoadCommand, output: Output): Promise<void> {
  const { address, token, kind, file } = command;
  const contextId = await findContextId(command);
  const progress = createLoadProgress(basename(file.path), file.bytes, output);
  const url = `${address}/v1/contexts/${contextId}/records/${kind}`;
  const answer = await sendFile({ url, token, file, onProgress: progress.update }).finally(
    progress.stop,
  );
  if (answer.status !== 200) throw toLoadError(answer);
  const { received, inserted, updated, unchanged } = JSON.parse(answer.text) as IngestResult;
  const counts = Object.entries({ received, inserted, updated, unchanged }).map(
    ([name, count]) => `${name} ${count.toLocaleString("en")}`,
  );
  output.write(`${kind}: ${counts.join(", ")}\n`);
}

/** `--context` takes a name or an id. */
async function findContextId({ address, token, context }: LoadCommand): Promise<string> {
  const found = await createClient({ address, token }).findContext(context);
  if (found !== undefined) return found.id;
  const id = context.toLowerCase();
  if (isUuid(id)) return id;
  throw new LoadError(
    `There is no context named ${JSON.stringify(context)} in this tenant. Create it and its sources first (docs/ingest.md).`,
  );
}
