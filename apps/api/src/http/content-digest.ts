import { DocketError } from "@docket/domain";

/** One member of the dictionary: a key, a byte sequence, and parameters, which mean nothing here (RFC 8941). */
const MEMBER =
  /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[ ]*[a-z*][a-z0-9_.*-]*(?:=[^\s;,"]+)?)*$/;

const SHA256_BYTES = 32;

/**
 * The SHA-256 that `Content-Digest` announces, in hex (RFC 9530); undefined when it announces none. Other algorithms are left alone.
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
    // As in every dictionary, the last one counts.
    announced = digest.toString("hex");
  }
  return announced;
}

function malformed(): DocketError {
  const detail = "Content-Digest must read sha-256=:<base64 of 32 bytes>:";
  return new DocketError("invalid_field", `${detail}.`, {
    errors: [{ field: "Content-Digest", detail }],
  });
}
