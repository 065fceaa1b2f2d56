import fc from "fast-check";
import { attachment } from "../../src/storage/content-disposition.ts";

describe("a download's name", () => {
  it("is given in ASCII and whole", () => {
    expect(attachment("Prüf, 100%.csv")).toBe(
      `attachment; filename="Pr_f, 100_.csv"; filename*=UTF-8''Pr%C3%BCf%2C%20100%25.csv`,
    );
  });

  it("can neither end its quotes nor the header, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const header = attachment(name);
        expect(header).toMatch(
          /^attachment; filename="[^"\\/%\p{Cc}]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/u,
        );
        const whole = decodeURIComponent(header.slice(header.indexOf("''") + 2));
        expect(whole).toBe(name.replace(/[\p{Cc}\p{Cs}/\\"]/gu, "_"));
      }),
    );
  });
});
