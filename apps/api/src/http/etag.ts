import { createHash } from "node:crypto";
import { DocketError } from "@docket/domain";

/** The entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/** The entity tag of what has no version: it changes whenever the representation does, and with nothing else. */
export const etagOfView = (view: object): string =>
  `"${createHash("sha256").update(JSON.stringify(view)).digest("base64url")}"`;

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const LIST = new RegExp(String.raw`^[\s,]*${TAG}(?:\s*,[\s,]*${TAG})*[\s,]*$`);

/** The entity tags of a list; none when it is not one, so that half a list never passes for the tags that are in it. */
const tagsOf = (list: string): readonly string[] =>
  LIST.test(list) ? (list.match(new RegExp(TAG, "g")) ?? []) : [];

/** True when the header `If-None-Match` says that the caller has `etag` already (RFC 9110, §13.1.2: compared weakly). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch.trim() === "*" ||
    tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, "") === etag)
  );
}

/** The header `If-Match`: the version that the caller believes to change. */
export type IfMatch = string | undefined;

/**
 * Holds a write against `If-Match` (RFC 9110, §13.1.1: compared strongly, so a weak tag never matches).
 *
 * @throws DocketError `precondition_failed` when the caller knew another version, or names none that we could have given.
 */
export function requireMatch(ifMatch: IfMatch, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === "*") return;
  if (tagsOf(ifMatch).includes(etagOf(version))) return;
  throw new DocketError(
    "precondition_failed",
    `If-Match does not name the current version, which is ${etagOf(version)}.`,
  );
}
