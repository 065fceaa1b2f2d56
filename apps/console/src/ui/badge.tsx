import type { ReactNode } from "react";

import "./badge.css";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "neutral" | "positive" | "warning" | "negative" | "info";

/** A state in a word. The colour only repeats it. */
export function Badge({
  tone = "neutral",
  icon,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}) {
  return (
    <span className={`badge badge--${tone}`}>
      {icon !== undefined && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}
