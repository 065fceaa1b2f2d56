import type * as nodeCrypto from "node:crypto";
import type * as nodeFiles from "node:fs/promises";
import type * as nodePaths from "node:path";

import { sha256 } from "@noble/hashes/sha2.js";

type NodeModules = {
  "node:crypto": typeof nodeCrypto;
  "node:fs/promises": typeof nodeFiles;
  "node:path": typeof nodePaths;
};

/** An incremental SHA-256. */
export type Sha256 = { update(bytes: Uint8Array): unknown; digest(): Uint8Array };

/** Node's own implementation where there is one, which is several times faster. */
export function createSha256(): Sha256 {
  return nodeModule("node:crypto")?.createHash("sha256") ?? sha256.create();
}

/** A module of Node; undefined in browsers. Not an import, which bundlers for browsers could not resolve. */
export function nodeModule<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  return process?.getBuiltinModule?.(name);
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
