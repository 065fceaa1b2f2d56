import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger };

/**
 * What is redacted in every line: fields whose whole value is a secret, at any depth, and secrets inside other text, such as
 * passwords in URLs, JWTs and the signatures of presigned URLs. They apply to the rendered line, because pino's redaction by
 * path costs six times as much.
 */
const SECRET_PATTERNS: readonly (readonly [RegExp, string])[] = [
  [
    /("(?:authorization|cookie|password|secret|secretAccessKey|token)":)"(?:[^"\\]|\\.)*"/gi,
    '$1"[redacted]"',
  ],
  [/(:\/\/[^\s:@/"]*):[^\s@/"]+@/g, "$1:[redacted]@"],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, "$1[redacted]"],
];

const redactPatterns = (line: string): string =>
  SECRET_PATTERNS.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    line,
  );

/** Redacts `secrets` word for word, in their JSON spelling. The longest goes first, because one may contain another. */
function createRedactSecrets(secrets: readonly string[]): (line: string) => string {
  const spellings = secrets
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .toSorted((a, b) => b.length - a.length);
  return (line) => spellings.reduce((text, each) => text.replaceAll(each, "[redacted]"), line);
}

export type LoggerOptions = {
  /**
   * Values to redact wherever they appear: see `secretsIn`. Patterns alone are not enough: ioredis, for example, puts the
   * password of a rejected AUTH into its error.
   */
  readonly secrets?: readonly string[];
  /** Defaults to standard output. */
  readonly destination?: DestinationStream;
};

/** Logs one JSON object per line and redacts secrets. Callers should still not log more than they need to. */
export function createLogger(
  name: string,
  level: string,
  { secrets = [], destination }: LoggerOptions = {},
): Logger {
  const redactSecrets = createRedactSecrets(secrets);
  const options = {
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => redactPatterns(redactSecrets(line)) },
  };
  return pino(options, destination ?? standardOutput());
}

/**
 * Standard output, written once per turn of the event loop: a system call for each line would take a tenth of the CPU time of a
 * busy API.
 */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let pending = "";
  const flush = (): void => {
    process.off("exit", flush);
    output.write(pending);
    pending = "";
  };
  return {
    write: (line) => {
      if (pending === "") {
        setImmediate(flush);
        // An exit, also after an uncaught exception, comes before the next turn.
        // oxlint-disable-next-line no-restricted-properties -- the event of the process, not a signal
        process.once("exit", flush);
      }
      pending += line;
    },
  };
}
