import { createDeflater } from "./deflater.ts";
import type { Emit, Packing } from "./packing.ts";
import * as records from "./zip-records.ts";

/** A ZIP archive. */
export type Zip = Packing & Required<Pick<Packing, "startEntry">>;

/**
 * Writes an archive as it streams, with the sizes of each entry behind its data. The same content gives the same bytes: all
 * entries have the same time.
 *
 * @param maxPlain sizes and offsets above it are written as ZIP64.
 */
export function createZip(emit: Emit, maxPlain = 0xffff_ffff): Zip {
  const starts: { readonly name: string; readonly position: number }[] = [];
  const entries: records.ZipEntry[] = [];
  let open: OpenEntry | undefined;
  let read = 0;
  let written = 0;
  const emitCounted = (bytes: Buffer): void => {
    written += bytes.length;
    emit(bytes);
  };
  const close = async (): Promise<void> => {
    if (open === undefined) return;
    const entry = await open.close();
    open = undefined;
    entries.push(entry);
    emitCounted(records.dataDescriptor(entry, maxPlain));
  };
  /** The entry of the next byte. */
  const current = async (): Promise<OpenEntry> => {
    if (starts[0]?.position === read) {
      await close();
      open = openEntry(starts.shift()!.name, written, emitCounted);
    }
    if (open === undefined) throw new Error("the content of an archive begins with an entry");
    return open;
  };

  return {
    startEntry: (name, position) => void starts.push({ name, position }),
    write: async (content) => {
      for (let from = 0; from < content.length;) {
        const entry = await current();
        const untilNext = (starts[0]?.position ?? Infinity) - read;
        const length = Math.min(content.length - from, untilNext);
        await entry.write(content.subarray(from, from + length));
        from += length;
        read += length;
      }
    },
    end: async () => {
      await close();
      emitCounted(records.centralDirectory(entries, written, maxPlain));
    },
    destroy: () => open?.destroy(),
  };
}

type OpenEntry = Pick<Packing, "write" | "destroy"> & {
  readonly close: () => Promise<records.ZipEntry>;
};

function openEntry(name: string, offset: number, emit: Emit): OpenEntry {
  emit(records.localHeader(name));
  const deflater = createDeflater(emit);
  return {
    write: deflater.write,
    destroy: deflater.destroy,
    close: async () => {
      await deflater.end();
      deflater.destroy();
      const [crc, size, packedSize] = [deflater.crc(), deflater.size(), deflater.packedSize()];
      return { name, offset, crc, size, packedSize };
    },
  };
}
