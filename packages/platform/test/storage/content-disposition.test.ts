import fc from "fast-check";
import { attachment } from "../../src/storage/content-disposition.ts";

// All code points, lone surrogates included, and every second one ASCII. (`fc.string({ unit: "binary" })` takes seconds to set up.)
const anyString = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0x10_ff_ff })))
  .map((points) => String.fromCodePoint(...points));

describe("the name of a download", () => {
  it("is given both in ASCII and in full", () => {
    expect(attachment("Prüf, 100%.csv")).toBe(
      `attachment; filename="Pr_f, 100_.csv"; filename*=UTF-8''Pr%C3%BCf%2C%20100%25.csv`,
    );
  });

  it("cannot break out of its quotes or the header, whatever it contains", () => {
    fc.assert(
      fc.property(anyString, (name) => {
        const header = attachment(name);
        expect(header).toMatch(
          /^attachment; filename="[^"\\/%\p{Cc}]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/u,
        );
        const decoded = decodeURIComponent(header.slice(header.indexOf("''") + 2));
        expect(decoded).toBe(name.replace(/[\p{Cc}\p{Cs}/\\"]/gu, "_"));
      }),
    );
  });
});
