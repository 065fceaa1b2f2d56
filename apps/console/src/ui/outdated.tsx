import type { ReactNode } from "react";

import "./outdated.css";

/** Dims the answer to an earlier choice, such as another period, while that to the current one is on its way. */
export const Outdated = ({
  isOutdated,
  children,
}: {
  readonly isOutdated: boolean;
  readonly children: ReactNode;
}) => (
  <div className="outdated" aria-busy={isOutdated || undefined}>
    {children}
  </div>
);
