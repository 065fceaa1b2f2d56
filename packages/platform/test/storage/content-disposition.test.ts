import fc from "fast-check";
import { attachment } from "../../src/storage/content-disposition.ts";

describe("the name of a download", () => {
  it("is given both in ASCII and in full", () => {
    expect(attachment("Prüf, 100%.csv")).toBe(
      `attachment; filename="Pr_f, 100_.csv"; filename*=UTF-8''Pr%C3%BCf%2C%20100%25.csv`,
    );
  });

  it("cannot break out of its quotes or the header, whatever it contains", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
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
