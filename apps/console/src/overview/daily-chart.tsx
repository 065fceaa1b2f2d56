import type { Summary } from "@docket/client";
import { useState, type PointerEvent } from "react";

import { formatCount, formatShare, formatShortDay } from "../ui/format.ts";
import { DailyTable } from "./daily-table.tsx";
import { dailyShapes, HEIGHT, RATE_HEIGHT } from "./daily-shapes.ts";

type Day = Summary["daily"][number];

/** The share of each day's transactions that is matched, above their number. A table says the same. */
export function DailyChart({ contextId, daily: days }: Pick<Summary, "contextId" | "daily">) {
  const [hovered, setHovered] = useState<number>();
  const { floor, lines, volumes } = dailyShapes(days);
  const point = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setHovered(Math.floor(((clientX - left) / width) * days.length));
  };
  const shown = days[hovered ?? days.length - 1];
  return (
    <figure className="daily">
      <figcaption className="daily__reading small">
        {shown === undefined ? "" : reading(shown)}
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
      <DailyTable contextId={contextId} daily={days} />
    </figure>
  );
}

const Tick = ({ share, y }: { readonly share: number; readonly y: number }) => (
  <span className="daily__tick small secondary" style={{ top: `${y}px` }}>
    {formatShare(share, 1)}
  </span>
);

const reading = ({ date, matched, total }: Day): string =>
  `${formatShortDay(date)}: ${formatShare(matched, total)} matched, ${formatCount(matched)} of ${formatCount(total)}`;
