import fc from "fast-check";
import {
  assertEvidenceFits,
  EVIDENCE_TYPES,
  evidenceObjectKey,
  evidenceTypeOf,
  isChunkAllowed,
  looksLike,
  safeFileName,
  SNIFFED_BYTES,
  type EvidenceType,
} from "../../src/index.ts";

const TYPES = Object.keys(EVIDENCE_TYPES) as EvidenceType[];
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

const PNG = "\x89PNG\r\n\x1a\n";
const JPEG = "\xff\xd8\xff\xe0";
const ZIP = "PK\x03\x04";

describe("a Content-Type", () => {
  it.each([
    ["text/csv", "text/csv"],
    ["Text/CSV; charset=windows-1252", "text/csv"],
    ["image/png;x=y", "image/png"],
    ["text/html", undefined],
    ["", undefined],
    ["constructor", undefined],
    ["text/csv/x", undefined],
  ])("%j names the type %s", (given, type) => {
    expect(evidenceTypeOf(given)).toBe(type);
  });
});

describe("content sniffing", () => {
  it.each<[string, string, readonly EvidenceType[]]>([
    ["a PNG", `${PNG}rest`, ["image/png"]],
    ["a JPEG", `${JPEG}rest`, ["image/jpeg"]],
    ["a PDF", "%PDF-1.7\n", ["application/pdf"]],
    [
      "a PDF marker at the end of the first 1024 bytes",
      `${"x".repeat(1_019)}%PDF-`,
      ["application/pdf"],
    ],
    ["a PDF marker after the first 1024 bytes", `${"x".repeat(1_020)}%PDF-`, ["text/csv"]],
    ["a CSV in Windows-1252", "Betrag;Währung\r\n1,00;\x80\r\n", ["text/csv"]],
    ["a script", "<script>alert(1)</script>", ["text/csv"]],
    ["a ZIP", `${ZIP}rest`, []],
    ["an empty ZIP", "PK\x05\x06", []],
    ["UTF-16", "\xff\xfea\0;\0", []],
    ["half a PNG", PNG.slice(0, 5), ["text/csv"]],
    ["half a JPEG", "\xff\xd8", ["text/csv"]],
    ["half a PDF", "%PDF", ["text/csv"]],
    ["a file that is both PNG and PDF", `${PNG}%PDF-1.4`, ["application/pdf", "image/png"]],
    ["an empty file", "", ["text/csv"]],
  ])("recognizes %s", (_name, text, types) => {
    expect(TYPES.filter((type) => looksLike(type, latin1(text).slice(0, SNIFFED_BYTES)))).toEqual(
      types,
    );
  });

  it("recognizes each type by its magic number, and a CSV by the absence of any", () => {
    const magic = fc.constantFrom("", PNG, JPEG, "%PDF-", ZIP, "PK", "\xff\xd8", "%PD");
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 1_100 }), magic, (prefix, middle, suffix) => {
        const file = Uint8Array.from([...latin1(prefix), ...middle, ...latin1(suffix)]);
        const head = file.slice(0, SNIFFED_BYTES);
        const found = TYPES.filter((type) => looksLike(type, head));
        const text = Buffer.from(head).toString("latin1");
        expect(found.includes("application/pdf")).toBe(text.includes("%PDF-"));
        expect(found.includes("image/png")).toBe(text.startsWith(PNG));
        expect(found.includes("image/jpeg")).toBe(text.startsWith("\xff\xd8\xff"));
        expect(found.includes("text/csv")).toBe(
          !text.includes("\0") &&
            !["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"].some((zip) => text.startsWith(zip)) &&
            found.every((type) => type === "text/csv"),
        );
      }),
    );
  });

  it("allows NUL in every type except CSV", () => {
    expect(TYPES.filter((type) => isChunkAllowed(type, latin1("a\0b")))).toEqual([
      "application/pdf",
      "image/png",
      "image/jpeg",
    ]);
  });
});

describe("the evidence limits of a dispute", () => {
  const MIB = 1_048_576;
  it("are 50 items and 100 MiB of files; the error names the one exceeded", () => {
    expect(() => assertEvidenceFits({ items: 49, bytes: 90 * MIB }, 10 * MIB)).not.toThrow();
    expect(() => assertEvidenceFits({ items: 50, bytes: 0 }, 0)).toThrow(
      /at most 50 evidence items/,
    );
    expect(() => assertEvidenceFits({ items: 1, bytes: 90 * MIB }, 10 * MIB + 1)).toThrow(
      /at most 100 MiB of files/,
    );
  });
});

describe("the object key of an evidence file", () => {
  it("consists of IDs and the extension", () => {
    const ids = { tenantId: "t", disputeId: "d", evidenceId: "e" };
    expect(TYPES.map((type) => evidenceObjectKey(ids, type))).toEqual([
      "t/disputes/d/e.pdf",
      "t/disputes/d/e.png",
      "t/disputes/d/e.jpg",
      "t/disputes/d/e.csv",
    ]);
  });
});

describe("a safe file name", () => {
  it.each([
    ["statement.csv", "statement.csv"],
    ["Auszug März.CSV", "Auszug März.CSV"],
    ["../../etc/passwd.csv", "passwd.csv"],
    ["C:\\temp\\a.csv", "a.csv"],
    ["page.html", "page.html.csv"],
    ["gpj\u202evsc.exe", "gpjvsc.exe.csv"],
    ["a\0\r\nb.csv", "ab.csv"],
    ['a"<b>|c?.csv', "a__b__c_.csv"],
    ["con.csv", "_con.csv"],
    [".csv", "csv.csv"],
    ["...", "e1.csv"],
    ["a/", "e1.csv"],
    ["", "e1.csv"],
    ["\ud800", "e1.csv"],
    ["  .hidden.csv. ", "hidden.csv"],
    ["a . . b.csv . .", "a . . b.csv"],
  ])("for %j is %s", (given, expected) => {
    expect(safeFileName(given, "text/csv", "e1")).toBe(expected);
  });

  it("is never a path, has no invisible characters, fits in 255 bytes and has an extension of its type", () => {
    const hostile = fc.constantFrom(
      "/",
      "\\",
      "..",
      "\u202e",
      "\u2066",
      "\0",
      "\n",
      ".",
      " ",
      "😀",
      "é",
    );
    const name = fc
      .array(fc.oneof(hostile, fc.string({ unit: "binary" }), fc.string({ maxLength: 200 })))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(name, fc.constantFrom(...TYPES), (given, type) => {
        const safe = safeFileName(given, type, "fallback");
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
        expect(safe).not.toMatch(/[/\\<>:"|?*]|[\p{C}]/u);
        expect(safe).not.toMatch(/^[.\s]/);
        const ending = safe.slice(safe.lastIndexOf(".") + 1).toLowerCase();
        expect(EVIDENCE_TYPES[type].extensions).toContain(ending);
        expect(safe.lastIndexOf(".")).toBeGreaterThan(0);
        // Sanitizing twice changes nothing.
        expect(safeFileName(safe, type, "fallback")).toBe(safe);
      }),
    );
  });
});
