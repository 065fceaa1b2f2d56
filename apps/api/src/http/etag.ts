import { hash } from "node:crypto";
import { DocketError } from "@docket/domain";

/** The entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/** The entity tag of a representation without a version: a hash of it. */
export const etagOfView = (view: object): string =>
  `"${hash("sha256", JSON.stringify(view), "base64url")}"`;

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const LIST = new RegExp(String.raw`^[\s,]*${TAG}(?:\s*,[\s,]*${TAG})*[\s,]*$`);

/**
 * The entity tags of a list; none when any part of it is malformed. Not `fresh`: it knows only If-None-Match, and skips
 * malformed parts, which for If-Match would let a write through.
 */
const tagsOf = (list: string): readonly string[] =>
  LIST.test(list) ? (list.match(new RegExp(TAG, "g")) ?? []) : [];

/** True when `If-None-Match` matches `etag`, so that the response is a 304 (RFC 9110, §13.1.2: weak comparison). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch.trim() === "*" ||
    tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, "") === etag)
  );
}

/** The header `If-Match`: the version that the client wants to change. */
export type IfMatch = string | undefined;

/**
 * Checks `If-Match` before a write (RFC 9110, §13.1.1: strong comparison, so a weak tag never matches).
 *
 * @throws DocketError `precondition_failed` when the header does not name `version`.
 */
export function requireMatch(ifMatch: IfMatch, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === "*") return;
  if (tagsOf(ifMatch).includes(etagOf(version))) return;
  throw new DocketError(
    "precondition_failed",
    `If-Match does not match the current version, ${etagOf(version)}.`,
  );
}
