import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

export type LogFile = {
  readonly path: string;
  /** Appends a line. Never throws. */
  readonly write: (line: string) => void;
  readonly close: () => void;
};

const MAX_BYTES = 10 * 1024 * 1024;

/** Opens a log file that only its owner can read. A full file is renamed to `<file>.1`, replacing the previous one. */
export function openLogFile(path: string, maxBytes: number = MAX_BYTES): LogFile {
  let file: number | undefined = openSync(path, "a", 0o600);
  let bytes = fstatSync(file).size;

  const rotate = (): void => {
    if (file !== undefined) closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, "a", 0o600);
    bytes = 0;
  };

  return {
    path,
    write: (line) => {
      if (file === undefined) return;
      try {
        if (bytes >= maxBytes) rotate();
        bytes += writeSync(file, `${line}\n`);
      } catch {
        // A full disk must not stop the stack.
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
