import { createSha256, toHex } from "@docket/client";
import { useEffect, useRef, useState } from "react";

export type FileHash = { readonly name: string } & (
  | { readonly state: "reading"; readonly read: number; readonly size: number }
  | { readonly state: "done"; readonly sha256: string }
  | { readonly state: "failed" }
);

/** How often the number of bytes changes on the screen. */
const REPORT_MS = 100;

/** The SHA-256 of the file that was chosen last. It is read as a stream, so it may have any size. */
export function useFileHash(): readonly [FileHash | undefined, (file: File) => void] {
  const [hash, setHash] = useState<FileHash>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  useWarningBeforeUnload(hash?.state === "reading");
  const check = (file: File): void => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { name, size } = file;
    const report = (read: number): void => setHash({ name, state: "reading", read, size });
    report(0);
    hashOf(file, report, controller.signal).then(
      (sha256) => setHash({ name, state: "done", sha256 }),
      () => controller.signal.aborted || setHash({ name, state: "failed" }),
    );
  };
  return [hash, check];
}

async function hashOf(
  file: File,
  report: (read: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = createSha256();
  let read = 0;
  let reportedAt = performance.now();
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => {
      hash.update(chunk);
      read += chunk.length;
      if (performance.now() - reportedAt < REPORT_MS) return;
      reportedAt = performance.now();
      report(read);
    },
  });
  await file.stream().pipeTo(sink, { signal });
  return toHex(hash.digest());
}

/** Leaving the page would end the work: the browser asks first. */
function useWarningBeforeUnload(isWorking: boolean): void {
  useEffect(() => {
    if (!isWorking) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isWorking]);
}
