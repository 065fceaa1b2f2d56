import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger };

/**
 * Secrets in a line: fields that hold nothing else, at any depth; and in the middle of a text, such as a driver's message, passwords
 * in URLs, JWTs, signatures of presigned URLs. On the text of the line: pino's own redaction by paths costs six times as much.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [
    /("(?:authorization|cookie|password|secret|secretAccessKey|token)":)"(?:[^"\\]|\\.)*"/gi,
    '$1"[redacted]"',
  ],
  [/(:\/\/[^\s:@/"]*):[^\s@/"]+@/g, "$1:[redacted]@"],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, "$1[redacted]"],
];

const redacted = (line: string): string =>
  SECRETS.reduce((text, [secret, shown]) => text.replace(secret, shown), line);

/** Word for word, as they stand in JSON; the longest first, in case one is part of another. */
function createWithout(secrets: readonly string[]): (line: string) => string {
  const written = secrets
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .toSorted((a, b) => b.length - a.length);
  return (line) => written.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line);
}

export type LoggerOptions = {
  /** What no line must hold, wherever it came from: see `secretsIn`. ioredis puts the password of a refused AUTH into its error. */
  readonly secrets?: readonly string[];
  /** Absent: standard output. */
  readonly destination?: DestinationStream;
};

/**
 * Structured logs, one JSON object a line, to standard output. Secrets are redacted wherever they may stand; and whoever logs
 * leaves out what it need not say.
 */
export function createLogger(
  name: string,
  level: string,
  { secrets = [], destination }: LoggerOptions = {},
): Logger {
  const without = createWithout(secrets);
  const options = {
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => redacted(without(line)) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
