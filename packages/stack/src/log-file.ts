import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** Takes lines; never fails its caller. */
export type LogFile = {
  readonly path: string;
  readonly write: (line: string) => void;
  readonly close: () => void;
};

const MOST_BYTES = 10 * 1024 * 1024;

/** Appends lines to a file that only its owner may read; when it is full it becomes `<file>.1`, and that one is forgotten. */
export function openLogFile(path: string, mostBytes: number = MOST_BYTES): LogFile {
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
        if (bytes >= mostBytes) rotate();
        bytes += writeSync(file, `${line}\n`);
      } catch {
        // A full disk must not take the stack down with it.
      }
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
