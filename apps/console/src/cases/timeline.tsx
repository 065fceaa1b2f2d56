import { useState, type ReactNode } from "react";

import { Button } from "../ui/button.tsx";
import { formatUnit } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import type { CaseEvent, EventWords } from "./case-event.ts";
import "./timeline.css";

/** Of a long history, the latest events show first. */
const SHOWN = 20;

/** What happened, newest last, and the next step as a hollow entry. */
export function Timeline<E extends CaseEvent>({
  events,
  words,
  renderDetails,
  next,
}: {
  readonly events: readonly E[];
  readonly words: (event: E) => EventWords;
  /** More about an event than its note. */
  readonly renderDetails?: (event: E) => ReactNode;
  readonly next?: ReactNode;
}) {
  const [areAllShown, setAllShown] = useState(false);
  const hidden = areAllShown ? 0 : Math.max(0, events.length - SHOWN);
  return (
    <>
      {hidden > 0 && (
        <div>
          <Button size="small" look="quiet" onClick={() => setAllShown(true)}>
            Show {formatUnit(hidden, "earlier event")}
          </Button>
        </div>
      )}
      <ol className="timeline">
        {events.slice(hidden).map((event) => (
          <TimelineEntry key={event.id} event={event} words={words(event)}>
            {renderDetails?.(event)}
          </TimelineEntry>
        ))}
        {next !== undefined && (
          <li className="timeline__entry timeline__entry--next">
            <span className="timeline__mark" />
            <div className="timeline__text">{next}</div>
          </li>
        )}
      </ol>
    </>
  );
}

function TimelineEntry({
  event: { actor, at, note },
  words: { label, icon },
  children,
}: {
  readonly event: CaseEvent;
  readonly words: EventWords;
  readonly children: ReactNode;
}) {
  return (
    <li className="timeline__entry">
      <span className="timeline__mark">
        <Icon name={icon} size={12} />
      </span>
      <div className="timeline__text">
        <p className="timeline__title">{label}</p>
        <p className="small secondary">
          <span className="text">{actor}</span> · <RelativeTime at={at} />
        </p>
        {children}
        {note !== undefined && <p className="timeline__note text">{note}</p>}
      </div>
    </li>
  );
}
