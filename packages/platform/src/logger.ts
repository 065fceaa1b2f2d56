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
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, "$1[redacted]"],
];

const redacted = (line: string): string =>
  SECRETS.reduce((text, [secret, shown]) => text.replace(secret, shown), line);

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
    hooks: { streamWrite: redacted },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
