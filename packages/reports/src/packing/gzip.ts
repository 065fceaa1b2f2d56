import { createDeflater } from "./deflater.ts";
import type { Emit, Packing } from "./packing.ts";

/**
 * RFC 1952, section 2.3: no name, no time, "fastest algorithm", "unknown" operating system. zlib would write the operating
 * system of the worker, and so other bytes on another one.
 */
const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255];

/** Compresses a file with gzip, as one member. */
export function createGzip(emit: Emit): Packing {
  const deflater = createDeflater(emit);
  emit(Buffer.from(HEADER));
  return {
    ...deflater,
    end: async () => {
      await deflater.end();
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(deflater.crc());
      trailer.writeUInt32LE(deflater.size() % 2 ** 32, 4);
      emit(trailer);
    },
  };
}
