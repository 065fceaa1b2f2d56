import { addDays } from "../ui/periods.ts";

type Day = { readonly date: string; readonly total: number; readonly matched: number };

/** Of the chart, in pixels; its width is one unit for each day. */
export const HEIGHT = 164;
/** Of the part with the rates; the numbers of transactions are below. */
export const RATE_HEIGHT = 108;
const VOLUME_HEIGHT = 44;
/** What a bar takes of its day. */
const BAR = 0.7;

/** How many days the counterpart of a transaction may take, such as over a weekend. */
export const SETTLING_DAYS = 3;

/** Whether the counterparts of this day's transactions may still arrive. @param asOf the instant of the figures */
export const isSettling = ({ date }: Pick<Day, "date">, asOf: string): boolean =>
  date > addDays(asOf.slice(0, 10), -SETTLING_DAYS);

type Shapes = {
  /** The rate at the bottom of the scale. Its top is 1. */
  readonly floor: number;
  /** A line for each run of settled days that have transactions, and the area below it. */
  readonly lines: readonly { readonly line: string; readonly area: string }[];
  /** The lines from the last settled day through those that are settling. */
  readonly settling: readonly string[];
  readonly volumes: readonly {
    readonly x: number;
    readonly width: number;
    readonly height: number;
  }[];
};

/**
 * What the chart draws. The scale of the rates begins at the next of 90 %, 75 %, 50 % and 0 below the lowest. Days that are
 * settling do not change the scale, unless there are no others: a rate that is below it is not drawn.
 */
export function dailyShapes(days: readonly Day[], asOf: string): Shapes {
  const rates = days.map(({ total, matched }) => (total === 0 ? undefined : matched / total));
  const found = days.findIndex((day) => isSettling(day, asOf));
  const settled = found === -1 ? days.length : found;
  const floor = floorOf(rates.slice(0, settled)) ?? floorOf(rates) ?? 0;
  const most = Math.max(1, ...days.map(({ total }) => total));
  const y = (rate: number): number => round(((1 - rate) / (1 - floor)) * RATE_HEIGHT);
  const toLine = (points: readonly Point[]): string =>
    `M${points.map(({ x, rate }) => `${x} ${y(rate)}`).join("L")}`;
  const latest = rates.map((rate, index) =>
    index >= settled - 1 && rate !== undefined && rate >= floor ? rate : undefined,
  );
  return {
    floor,
    lines: runs(rates.slice(0, settled)).map((points) => {
      const line = toLine(points);
      const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
      return { line, area: `${line}L${last} ${RATE_HEIGHT}L${first} ${RATE_HEIGHT}Z` };
    }),
    settling: runs(latest)
      .filter((points) => (points.at(-1)?.x ?? 0) > settled)
      .map(toLine),
    volumes: days.map(({ total }, index) => ({
      x: index + (1 - BAR) / 2,
      width: BAR,
      height: round((total / most) * VOLUME_HEIGHT),
    })),
  };
}

/** Where the scale of these rates begins; undefined if there are none. */
function floorOf(rates: readonly (number | undefined)[]): number | undefined {
  const known = rates.filter((rate) => rate !== undefined);
  if (known.length === 0) return undefined;
  const lowest = Math.min(...known);
  return [0.9, 0.75, 0.5].find((each) => each <= lowest) ?? 0;
}

type Point = { readonly x: number; readonly rate: number };

/** The days that follow each other and have a rate. A single one is drawn as wide as its day. */
function runs(rates: readonly (number | undefined)[]): readonly (readonly Point[])[] {
  const found: Point[][] = [];
  for (const [index, rate] of rates.entries()) {
    if (rate === undefined) continue;
    const isNew = index === 0 || rates[index - 1] === undefined;
    if (isNew) found.push([]);
    found.at(-1)?.push({ x: index + 0.5, rate });
  }
  return found.map(([first, ...others]) =>
    first !== undefined && others.length === 0
      ? [
          { ...first, x: first.x - 0.5 },
          { ...first, x: first.x + 0.5 },
        ]
      : [...(first === undefined ? [] : [first]), ...others],
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
