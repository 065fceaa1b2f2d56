import { createBufferPool } from "../../../src/storage/multipart/buffer-pool.ts";

const MIB = 1_048_576;

describe("a pool of buffers", () => {
  it("hands out a released buffer to one holder at a time, and only for its own size", () => {
    const pool = createBufferPool(2);
    const released = pool.acquire(16);
    pool.release(released);
    expect(pool.acquire(32)).not.toBe(released);
    expect(pool.acquire(16)).toBe(released);
    expect(pool.acquire(16)).not.toBe(released);
  });

  it("drops the buffer that was released first when it holds too many", () => {
    const pool = createBufferPool(2);
    const buffers = [pool.acquire(16), pool.acquire(16), pool.acquire(16)];
    for (const buffer of buffers) pool.release(buffer);
    const reused = [pool.acquire(16), pool.acquire(16), pool.acquire(16)];
    expect(reused[0]).toBe(buffers[1]);
    expect(reused[1]).toBe(buffers[2]);
    expect(buffers).not.toContain(reused[2]);
  });

  it("keeps no buffer of more than 8 MiB", () => {
    const pool = createBufferPool(2);
    const largest = pool.acquire(8 * MIB);
    const tooLarge = pool.acquire(8 * MIB + 1);
    pool.release(largest);
    pool.release(tooLarge);
    expect(pool.acquire(8 * MIB)).toBe(largest);
    expect(pool.acquire(8 * MIB + 1)).not.toBe(tooLarge);
  });
});
