import fc from "fast-check";
import { childText, document, element, parseXml } from "../src/xml.ts";

describe("S3's XML", () => {
  it("carries any text that XML can hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(childText(parseXml(document("A", element("B", text))), "B")).toBe(text);
      }),
    );
  });

  it("is read with attributes, a declaration, empty elements and references", () => {
    const root = parseXml(
      `<?xml version="1.0"?>\n<A xmlns="urn:x" b='1'>\n <P/><Key>a&amp;b&#65;&#x42;&quot;</Key>\n</A>\n`,
    );
    expect(root.name).toBe("A");
    expect(childText(root, "Key")).toBe('a&bAB"');
    expect(childText(root, "P")).toBe("");
    expect(childText(root, "Q")).toBeUndefined();
  });

  it.each([
    ["nothing", ""],
    ["no element", "hello"],
    ["an element that is not closed", "<A><B></A>"],
    ["a closing too many", "<A></A></A>"],
    ["two roots", "<A/><B/>"],
    ["text beside the root", "<A/>x"],
    ["a DOCTYPE", `<!DOCTYPE a [<!ENTITY x "y">]><A>&x;</A>`],
    ["an entity of its own", "<A>&x;</A>"],
    ["a lone ampersand", "<A>a & b</A>"],
    ["a reference to nothing", "<A>&#0;</A>"],
    ["a reference beyond Unicode", "<A>&#x110000;</A>"],
    ["a comment", "<A><!-- x --></A>"],
    ["CDATA", "<A><![CDATA[x]]></A>"],
    ["depth without end", "<A>".repeat(1_000)],
  ])("is refused with %s", (_, source) => {
    expect(() => parseXml(source)).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });

  it("is refused in its own words, whatever comes", () => {
    const piece = fc.constantFrom(
      "<A>",
      "</A>",
      "<A/>",
      "&amp;",
      "&",
      "<",
      ">",
      "x",
      " ",
      '"',
      "<?xml?>",
      "<A b='",
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        try {
          parseXml(pieces.join(""));
        } catch (error) {
          expect(error).toMatchObject({ code: "MalformedXML" });
        }
      }),
    );
  });
});
