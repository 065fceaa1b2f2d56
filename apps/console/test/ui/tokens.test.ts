import { readFileSync } from "node:fs";
import { join } from "node:path";

const CSS = readFileSync(join(__dirname, "../../src/ui/tokens.css"), "utf8");
const TOKENS = new Map(
  [...CSS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? "", { light: light ?? "", dark: dark ?? "" }],
  ),
);
const THEMES = ["light", "dark"] as const;

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const channels = [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The pairs of tokens whose contrast is too low, in either theme. */
const below = (least: number, pairs: readonly (readonly [string, string])[]): readonly string[] =>
  pairs.flatMap(([text, surface]) =>
    THEMES.map((theme) => ({
      theme,
      ratio: contrast(TOKENS.get(text)![theme], TOKENS.get(surface)![theme]),
    }))
      .filter(({ ratio }) => ratio < least)
      .map(({ theme, ratio }) => `${text} on ${surface}, ${theme}: ${ratio.toFixed(2)}`),
  );

const SURFACES = [
  "surface",
  "surface-sunken",
  "surface-raised",
  "surface-hover",
  "surface-selected",
];
const TONES = ["neutral", "positive", "warning", "negative", "info"];

it("gives every text at least 4.5 : 1 on every surface that it is on", () => {
  const texts = ["text", "text-secondary", "accent-text"];
  const onSurfaces = texts.flatMap((text) => SURFACES.map((surface) => [text, surface] as const));
  const onTints = TONES.map((tone) => [`${tone}-text`, `${tone}-tint`] as const);
  const onAccent = ["accent", "accent-hover"].map((accent) => ["text-on-accent", accent] as const);
  expect(below(4.5, [...onSurfaces, ...onTints, ...onAccent])).toEqual([]);
});

it("gives borders of controls, the focus and charts at least 3 : 1", () => {
  const names = [
    "border-control",
    "focus",
    "series-1",
    "series-2",
    "series-3",
    ...TONES.map((tone) => `${tone}-border`),
  ];
  expect(
    below(
      3,
      names.map((name) => [name, "surface"] as const),
    ),
  ).toEqual([]);
});
