import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger };

/** Fields that hold nothing else. */
const SECRET_FIELDS = ["authorization", "cookie", "password", "secret", "secretAccessKey", "token"];

/** Secrets in the middle of a text, such as a driver's error message: passwords in URLs, JWTs, signatures of presigned URLs. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/(\w+:\/\/[^\s:@/"]*):[^\s@/"]+@/g, "$1:[redacted]@"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, "$1[redacted]"],
];

const redacted = (line: string): string =>
  SECRET_TEXTS.reduce((text, [secret, shown]) => text.replace(secret, shown), line);

/**
 * Structured logs, one JSON object a line, to standard output. Secrets are redacted wherever they may stand; and whoever logs
 * leaves out what it need not say.
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[redacted]",
    },
    hooks: { streamWrite: redacted },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
