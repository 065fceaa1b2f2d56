import fc from "fast-check";

import { childText, document, element, parseXml } from "../src/xml.ts";

describe("parseXml", () => {
  it("returns any text that was escaped into an element", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(childText(parseXml(document("A", element("B", text))), "B")).toBe(text);
      }),
    );
  });

  it("reads a declaration, attributes, empty elements and references", () => {
    const root = parseXml(
      `<?xml version="1.0"?>\n<A xmlns="urn:x" b='1'>\n <P/><Key>a&amp;b&#65;&#x42;&quot;</Key>\n</A>\n`,
    );
    expect(root.name).toBe("A");
    expect(childText(root, "Key")).toBe('a&bAB"');
    expect(childText(root, "P")).toBe("");
    expect(childText(root, "Q")).toBeUndefined();
  });

  it.each([
    ["an empty text", ""],
    ["a text without an element", "hello"],
    ["an element that is not closed", "<A><B></A>"],
    ["an extra closing tag", "<A></A></A>"],
    ["two roots", "<A/><B/>"],
    ["text after the root", "<A/>x"],
    ["a DOCTYPE", `<!DOCTYPE a [<!ENTITY x "y">]><A>&x;</A>`],
    ["a custom entity", "<A>&x;</A>"],
    ["a lone ampersand", "<A>a & b</A>"],
    ["a reference to NUL", "<A>&#0;</A>"],
    ["a reference outside Unicode", "<A>&#x110000;</A>"],
    ["a comment", "<A><!-- x --></A>"],
    ["CDATA", "<A><![CDATA[x]]></A>"],
    ["excessive depth", "<A>".repeat(1_000)],
  ])("refuses %s", (_, source) => {
    expect(() => parseXml(source)).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });

  it("refuses any malformed text with MalformedXML", () => {
    const token = fc.constantFrom(
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
      fc.property(fc.array(token, { maxLength: 20 }), (tokens) => {
        try {
          parseXml(tokens.join(""));
        } catch (error) {
          expect(error).toMatchObject({ code: "MalformedXML" });
        }
      }),
    );
  });
});
