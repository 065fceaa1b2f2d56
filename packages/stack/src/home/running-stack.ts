import { rmSync } from "node:fs";

import { homePaths } from "./home.ts";
import { readJson, writeJson } from "./json-file.ts";
import { lockHolder } from "./lock.ts";

/** Records where the stack of a home can be reached. */
export function publishAddress(home: string, address: string): void {
  writeJson(homePaths.stack(home), { address });
}

export function withdrawAddress(home: string): void {
  rmSync(homePaths.stack(home), { force: true });
}

/** The address of a home's running stack; undefined while there is none or it is not ready yet. */
export function runningStack(home: string): { readonly address: string } | undefined {
  if (lockHolder(home) === undefined) return undefined;
  const found = readJson(homePaths.stack(home)) as { address?: unknown } | undefined | null;
  return typeof found?.address === "string" ? { address: found.address } : undefined;
}
