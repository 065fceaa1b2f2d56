import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Intake, Received } from "./intake.ts";

/** A run of an object's bytes: a file below the bucket's `data`. */
export type Segment = { readonly file: string; readonly bytes: number };

/** Bytes collected for one write: fewer and longer system calls. */
const WRITE_BYTES = 1_048_576;

/** Streams a body into a file of its own, on disk and verified when it resolves; nothing is left of it when it rejects. */
export async function receiveFile(
  directory: string,
  intake: Intake,
): Promise<Received & { readonly segment: Segment }> {
  const file = randomUUID();
  const path = join(directory, file);
  try {
    const handle = await open(path, "wx");
    try {
      let batch: Buffer[] = [];
      let waiting = 0;
      const write = async (): Promise<void> => {
        if (waiting > 0) await handle.writev(batch);
        batch = [];
        waiting = 0;
      };
      for await (const data of intake.data) {
        batch.push(data);
        waiting += data.length;
        if (waiting >= WRITE_BYTES) await write();
      }
      await write();
      const received = intake.finish();
      await handle.datasync();
      return { ...received, segment: { file, bytes: received.bytes } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Puts a file in place whole or not at all, also across a power cut. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(draft, "wx");
    try {
      await handle.writeFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Makes renames and deletions in a directory last. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
