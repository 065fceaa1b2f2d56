import { DocketError } from "@docket/domain";

/** A member of the dictionary: a key, a byte sequence, and parameters, which are ignored (RFC 8941). */
const MEMBER =
  /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[ ]*[a-z*][a-z0-9_.*-]*(?:=[^\s;,"]+)?)*$/;

const SHA256_BYTES = 32;

/**
 * The SHA-256 in a `Content-Digest` header, in hex (RFC 9530); undefined when there is none. Other algorithms are ignored.
 *
 * @throws DocketError `invalid_field` when it is malformed.
 */
export function announcedSha256(header: string | undefined): string | undefined {
  let announced: string | undefined;
  for (const member of (header ?? "").split(",").map((each) => each.trim())) {
    if (member === "" && (header ?? "").trim() === "") continue;
    const [, algorithm, base64 = ""] = MEMBER.exec(member) ?? [];
    if (algorithm === undefined) throw malformed();
    if (algorithm !== "sha-256") continue;
    const digest = Buffer.from(base64, "base64");
    if (digest.length !== SHA256_BYTES) throw malformed();
    // In a dictionary the last member of a name counts (RFC 8941, §3.2).
    announced = digest.toString("hex");
  }
  return announced;
}

function malformed(): DocketError {
  const detail = "Content-Digest must have the form sha-256=:<base64 of 32 bytes>:";
  return new DocketError("invalid_field", `${detail}.`, {
    errors: [{ field: "Content-Digest", detail }],
  });
}
