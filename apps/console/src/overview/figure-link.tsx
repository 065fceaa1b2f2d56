import type { ReactNode } from "react";
import { Link } from "wouter";

import { useAllowed } from "../session/session-context.tsx";
import type { FigureTarget } from "./links.ts";

/** A figure as a link to the list behind it, or as plain text if the person may not see that list. */
export function FigureLink({
  to: { href, permission },
  className,
  children,
}: {
  readonly to: FigureTarget;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  if (!useAllowed(permission)) return <span className={className}>{children}</span>;
  return (
    <Link href={href} className={className}>
      {children}
    </Link>
  );
}
