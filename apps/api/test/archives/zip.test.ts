import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { zipOf } from "../../src/archives/zip.ts";
import { unzip } from "../support/unzip.ts";

const MIB = 1_048_576;

describe("an archive", () => {
  it("of 50 files of 2 MiB reads one at a time, and no faster than its reader", async () => {
    let [pulled, open, mostOpen] = [0, 0, 0];
    const entries = Array.from({ length: 50 }, (_, n) => ({
      name: `${n}`,
      open: async () => {
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        const parts = function* parts(): Generator<Buffer> {
          for (let left = 2 * MIB; left > 0; left -= 65_536) {
            pulled += 65_536;
            yield Buffer.alloc(65_536, n);
          }
        };
        return Readable.from(parts()).once("close", () => (open -= 1));
      },
    }));
    const zip = zipOf(entries);
    let [read, mostAhead] = [0, 0];
    for await (const chunk of zip) {
      read += (chunk as Buffer).length;
      mostAhead = Math.max(mostAhead, pulled - read);
      // Lets the sources run ahead as far as they can.
      await new Promise(setImmediate);
    }
    expect(pulled).toBe(100 * MIB);
    expect(read).toBeGreaterThan(pulled);
    expect(mostOpen).toBe(1);
    expect(mostAhead).toBeLessThan(2 * MIB);
  });

  it("fails with the error of a source, and of one that cannot be opened", async () => {
    const broken = async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from("half");
      throw new Error("the connection broke");
    };
    const good = { name: "a", open: async () => Readable.from([Buffer.from("a")]) };
    const opens = [
      async () => Readable.from(broken()),
      () => Promise.reject(new Error("no object")),
    ];
    for (const open of opens) {
      const zip = zipOf([good, { name: "b", open }, good]);
      await expect(buffer(zip)).rejects.toThrow(/the connection broke|no object/);
    }
  });

  it("fails when a file does not have its SHA-256", async () => {
    const open = async () => Readable.from([Buffer.from("other bytes")]);
    const zip = zipOf([{ name: "a", open, sha256: "0".repeat(64) }]);
    await expect(buffer(zip)).rejects.toThrow("does not have its SHA-256");
  });

  it("closes its source when the reader goes", async () => {
    const endless = function* endless(): Generator<Buffer> {
      for (;;) yield Buffer.alloc(65_536);
    };
    const source = Readable.from(endless());
    const closed = new Promise((resolve) => source.once("close", resolve));
    const zip = zipOf([{ name: "a", open: async () => source }]);
    await once(zip, "readable");
    zip.destroy();
    await closed;
  });

  it("has equal bytes for equal contents, whatever the time and the zone", async () => {
    const make = async (): Promise<Buffer> =>
      buffer(zipOf([{ name: "ä.txt", open: async () => Readable.from([Buffer.from("a")]) }]));
    const one = await make();
    const zone = process.env["TZ"];
    process.env["TZ"] = "Pacific/Auckland";
    expect(await make()).toEqual(one);
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
    expect(unzip(one).map(({ name }) => name)).toEqual(["ä.txt", "manifest.json"]);
  });
});
