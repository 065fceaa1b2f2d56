import { pino, type Logger } from "pino";

export type { Logger };

/** Structured logs to standard output, one JSON object a line. Secrets are redacted wherever they may stand. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        "authorization",
        "headers.authorization",
        "req.headers.authorization",
        "req.headers.cookie",
        "password",
        "secret",
        "token",
      ],
      censor: "[redacted]",
    },
  });
}
