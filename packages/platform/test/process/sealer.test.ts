import { randomBytes } from "node:crypto";
import { createSealer, UnsealError } from "../../src/process/sealer.ts";

const [old, current] = [randomBytes(32), randomBytes(32)];

describe("a sealer", () => {
  it("opens what any of its keys has sealed, and seals with the first", () => {
    const sealed = createSealer([old]).seal("whsec_x", "tenant 1");
    expect(sealed).not.toContain("whsec_x");
    const rotated = createSealer([current, old]);
    expect(rotated.open(sealed, "tenant 1")).toBe("whsec_x");
    expect(() => createSealer([old]).open(rotated.seal("a", "b"), "b")).toThrow(UnsealError);
  });

  it("opens nothing that was changed, or moved to another place", () => {
    const sealer = createSealer([current]);
    const sealed = sealer.seal("secret", "tenant 1");
    const last = sealed.endsWith("A") ? "B" : "A";
    expect(() => sealer.open(sealed, "tenant 2")).toThrow(UnsealError);
    expect(() =>
      sealer.open(`${sealed.slice(0, -2)}${last}${sealed.slice(-1)}`, "tenant 1"),
    ).toThrow(UnsealError);
    expect(() => sealer.open("nonsense", "tenant 1")).toThrow(UnsealError);
  });
});
