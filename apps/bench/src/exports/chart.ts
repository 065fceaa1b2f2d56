import type { ExportFigures } from "../benchmark.ts";
import { nameOf } from "./kind.ts";

const WIDTH = 720;
const LABEL_WIDTH = 170;
/** Room for the figure at the end of the longest bar. */
const FIGURE_WIDTH = 50;
const ROW_HEIGHT = 28;
const BAR_HEIGHT = 18;
const TOP = 44;
const BOTTOM = 16;
/** Leaves room for the text above the reference line. */
const SHORTEST_SCALE = 1.4;

/** Follows the reader's colour scheme, also as an image in a page. */
const STYLE = `
  text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #1f2328; }
  .bar { fill: #4a6fd8; }
  .reference { stroke: #6e7781; stroke-dasharray: 4 3; }
  .note { fill: #59636e; font-size: 12px; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .bar { fill: #7d9bf0; }
    .reference { stroke: #9198a1; }
    .note { fill: #9198a1; }
  }`;

/** An SVG bar chart of the exports' times, relative to `\copy` of the plain CSV SELECT of the same report. */
export function ratioChart(exports: readonly ExportFigures[]): string {
  const longest = Math.max(SHORTEST_SCALE, ...exports.map(({ ratio }) => ratio));
  const scale = (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / longest;
  const height = TOP + exports.length * ROW_HEIGHT + BOTTOM;
  const one = LABEL_WIDTH + scale;
  const bars = exports.map((figures, row) => bar(figures, TOP + row * ROW_HEIGHT, scale));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>Time of an export relative to psql \\copy of the plain CSV SELECT; less is better</title>
<style>${STYLE}
</style>
<text class="note" x="${px(one)}" y="20" text-anchor="middle">psql \\copy of the plain CSV = 1.0</text>
${bars.join("\n")}
<line class="reference" x1="${px(one)}" x2="${px(one)}" y1="28" y2="${height - BOTTOM}"/>
</svg>
`;
}

function bar(figures: ExportFigures, top: number, scale: number): string {
  const length = figures.ratio * scale;
  const baseline = top + BAR_HEIGHT - 5;
  return [
    `<text x="${LABEL_WIDTH - 10}" y="${baseline}" text-anchor="end">${nameOf(figures)}</text>`,
    `<rect class="bar" x="${LABEL_WIDTH}" y="${top}" width="${px(length)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<text x="${px(LABEL_WIDTH + length + 8)}" y="${baseline}">${figures.ratio.toFixed(2)}</text>`,
  ].join("\n");
}

const px = (value: number): string => value.toFixed(1);
