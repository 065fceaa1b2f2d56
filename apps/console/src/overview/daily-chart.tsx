import type { Summary } from "@docket/client";
import { useState, type PointerEvent } from "react";

import { formatCount, formatShare, formatShortDay } from "../ui/format.ts";
import { DailyTable } from "./daily-table.tsx";
import { dailyShapes, HEIGHT, isSettling, RATE_HEIGHT, SETTLING_DAYS } from "./daily-shapes.ts";

type Day = Summary["daily"][number];

/**
 * The share of each day's transactions that is matched, above their number. A table says the same. The latest days are marked:
 * until their counterparts arrive, their rates would look like a fall.
 */
export function DailyChart({
  contextId,
  daily: days,
  asOf,
}: Pick<Summary, "contextId" | "daily" | "asOf">) {
  const [hovered, setHovered] = useState<number>();
  const { floor, lines, settling, volumes } = dailyShapes(days, asOf);
  const inProgress = (day: Day): boolean => isSettling(day, asOf);
  const point = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setHovered(Math.floor(((clientX - left) / width) * days.length));
  };
  const last = days.findLast((day) => day.total > 0 && !inProgress(day)) ?? days.at(-1);
  const shown = hovered === undefined ? last : days[hovered];
  return (
    <figure className="daily">
      <figcaption className="daily__reading small">
        {shown === undefined ? "" : reading(shown, inProgress(shown))}
      </figcaption>
      <div className="daily__plot">
        <svg
          role="img"
          aria-label="Match rate and number of transactions by day. The table has the numbers."
          viewBox={`0 0 ${days.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          height={HEIGHT}
          onPointerMove={point}
          onPointerLeave={() => setHovered(undefined)}
        >
          {[0, RATE_HEIGHT / 2, RATE_HEIGHT].map((y) => (
            <line key={y} className="daily__grid" x1={0} x2={days.length} y1={y} y2={y} />
          ))}
          {lines.map(({ line, area }) => (
            <g key={line}>
              <path className="daily__area" d={area} />
              <path className="daily__rate" d={line} />
            </g>
          ))}
          {settling.map((line) => (
            <path key={line} className="daily__rate daily__rate--settling" d={line} />
          ))}
          {volumes.map(({ x, width, height }) => (
            <rect
              key={x}
              className="daily__volume"
              x={x}
              y={HEIGHT - height}
              width={width}
              height={height}
            />
          ))}
          {days.map(({ date }, index) => (
            <rect
              key={date}
              className="daily__day"
              data-hovered={index === hovered || undefined}
              x={index}
              y={0}
              width={1}
              height={HEIGHT}
            />
          ))}
        </svg>
        <Tick share={1} y={0} />
        <Tick share={(1 + floor) / 2} y={RATE_HEIGHT / 2} />
        <Tick share={floor} y={RATE_HEIGHT} />
        <div className="daily__axis small secondary">
          <span>{formatShortDay(days[0]?.date ?? "")}</span>
          <span>{formatShortDay(days.at(-1)?.date ?? "")}</span>
        </div>
      </div>
      {days.some(inProgress) && (
        <p className="small secondary">
          The last {SETTLING_DAYS} days are in progress: their counterparts may still arrive.
        </p>
      )}
      <DailyTable contextId={contextId} daily={days} inProgress={inProgress} />
    </figure>
  );
}

const Tick = ({ share, y }: { readonly share: number; readonly y: number }) => (
  <span className="daily__tick small secondary" style={{ top: `${y}px` }}>
    {formatShare(share, 1)}
  </span>
);

const reading = ({ date, matched, total }: Day, isInProgress: boolean): string =>
  `${formatShortDay(date)}${isInProgress ? ", in progress" : ""}: ${formatShare(matched, total)} matched, ${formatCount(matched)} of ${formatCount(total)}`;
