/** The records of a ZIP archive (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3). */

export type ZipEntry = {
  /** ASCII. */
  readonly name: string;
  /** Where its local header is. */
  readonly offset: number;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
};

const [DEFLATE, SIZES_FOLLOW] = [8, 0x0008] as const;
/** 1980-01-01 00:00, the first time that the format knows. */
const [TIME, DATE] = [0, 0x0021] as const;
const [VERSION, VERSION_64] = [20, 45] as const;
/** Stands where the value is in the ZIP64 record. */
const ELSEWHERE = 0xffff_ffff;

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

export const localHeader = (name: string): Buffer =>
  Buffer.concat([
    u32(0x0403_4b50),
    ...[VERSION, SIZES_FOLLOW, DEFLATE, TIME, DATE].map(u16),
    // The sizes are not known yet.
    ...[0, 0, 0].map(u32),
    u16(name.length),
    u16(0),
    Buffer.from(name, "latin1"),
  ]);

const isLarge = ({ size, packedSize }: ZipEntry, maxPlain: number): boolean =>
  size > maxPlain || packedSize > maxPlain;

export const dataDescriptor = (entry: ZipEntry, maxPlain: number): Buffer =>
  Buffer.concat([
    u32(0x0807_4b50),
    u32(entry.crc),
    ...[entry.packedSize, entry.size].map(isLarge(entry, maxPlain) ? u64 : u32),
  ]);

/** @param offset where the directory begins. */
export function centralDirectory(
  entries: readonly ZipEntry[],
  offset: number,
  maxPlain: number,
): Buffer {
  const headers = Buffer.concat(entries.map((entry) => directoryHeader(entry, maxPlain)));
  const end = offset + headers.length;
  const is64 = end > maxPlain;
  return Buffer.concat([
    headers,
    ...(is64 ? [directoryEnd64(entries.length, headers.length, offset)] : []),
    u32(0x0605_4b50),
    ...[0, 0, entries.length, entries.length].map(u16),
    u32(is64 ? ELSEWHERE : headers.length),
    u32(is64 ? ELSEWHERE : offset),
    u16(0),
  ]);
}

function directoryHeader(entry: ZipEntry, maxPlain: number): Buffer {
  const { name, crc, size, packedSize, offset } = entry;
  const hasLargeSizes = isLarge(entry, maxPlain);
  const isFar = offset > maxPlain;
  const large = [...(hasLargeSizes ? [size, packedSize] : []), ...(isFar ? [offset] : [])];
  const version = large.length > 0 ? VERSION_64 : VERSION;
  const extra =
    large.length === 0
      ? Buffer.alloc(0)
      : Buffer.concat([u16(1), u16(8 * large.length), ...large.map(u64)]);
  return Buffer.concat([
    u32(0x0201_4b50),
    ...[version, version, SIZES_FOLLOW, DEFLATE, TIME, DATE].map(u16),
    u32(crc),
    ...(hasLargeSizes ? [ELSEWHERE, ELSEWHERE] : [packedSize, size]).map(u32),
    // Lengths of the name, the extra field and the comment; disk; internal attributes.
    ...[name.length, extra.length, 0, 0, 0].map(u16),
    u32(0),
    u32(isFar ? ELSEWHERE : offset),
    Buffer.from(name, "latin1"),
    extra,
  ]);
}

/** The ZIP64 end of the directory, and its locator. */
const directoryEnd64 = (entries: number, length: number, offset: number): Buffer =>
  Buffer.concat([
    u32(0x0606_4b50),
    u64(44),
    ...[VERSION_64, VERSION_64].map(u16),
    ...[0, 0].map(u32),
    ...[entries, entries, length, offset].map(u64),
    u32(0x0706_4b50),
    u32(0),
    u64(offset + length),
    u32(1),
  ]);
