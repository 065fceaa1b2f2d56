import { startChild, type Child } from "@docket/stack";

export type LogEntry = Readonly<Record<string, unknown>>;

/** The API or a worker as its own process, with its log. Nothing restarts it. */
export type AppProcess = Child & { readonly log: readonly LogEntry[] };

export type AppOptions = {
  readonly program: string;
  /** The message that reports that the process is ready. */
  readonly readyMessage: "listening" | "ready";
  readonly environment: Readonly<Record<string, string>>;
};

/** Starts a process and waits for its ready message. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const log: LogEntry[] = [];
  const write = (line: string): void => void log.push(parse(line));
  const child = await startChild({ ...options, log: { write } });
  return { ...child, log };
}

/** Standard error arrives in the same file and is not JSON. */
function parse(line: string): LogEntry {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return { msg: line };
  }
}
