import type { Environment } from "./config.ts";

const SECRETS = ["JWT_SECRET", "S3_SECRET_ACCESS_KEY"];
const URLS = ["DATABASE_URL", "EXPORT_DATABASE_URL", "QUEUE_URL", "JWT_JWKS_URI"];

/** Shorter ones are words that stand in every line ("docket"), and no secrets. */
const SHORTEST = 8;

/**
 * The secrets that a process was started with, also those inside of URLs, in each spelling in which a driver may have them: what
 * its log must not hold, word for word.
 */
export function secretsIn(environment: Environment): readonly string[] {
  const passwords = URLS.flatMap((name) => {
    const url = environment[name] ?? "";
    if (!URL.canParse(url)) return [];
    const { password } = new URL(url);
    return [password, decoded(password)];
  });
  const all = [...SECRETS.map((name) => environment[name] ?? ""), ...passwords];
  return [...new Set(all)].filter((secret) => secret.length >= SHORTEST);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded: as it is.
    return text;
  }
}
