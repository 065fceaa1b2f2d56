import type { Environment } from "./config.ts";

const SECRET_VARIABLES = ["JWT_SECRET", "S3_SECRET_ACCESS_KEY"];
const URL_VARIABLES = ["DATABASE_URL", "EXPORT_DATABASE_URL", "QUEUE_URL", "JWT_JWKS_URI"];

/** Shorter values are ordinary words, such as "docket": redacting them would garble every line. */
const MIN_SECRET_LENGTH = 8;

/**
 * The secrets in a process's environment, including passwords in URLs, both percent-encoded and decoded: what the logger must
 * redact wherever it appears.
 */
export function secretsIn(environment: Environment): readonly string[] {
  const passwords = URL_VARIABLES.flatMap((name) => {
    const url = environment[name] ?? "";
    if (!URL.canParse(url)) return [];
    const { password } = new URL(url);
    return [password, percentDecoded(password)];
  });
  const keys = (environment["SECRETS_KEY"] ?? "").split(",").map((key) => key.trim());
  const all = [...SECRET_VARIABLES.map((name) => environment[name] ?? ""), ...keys, ...passwords];
  return [...new Set(all)].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
