import { Suspense, useEffect, useState, type ReactNode } from "react";

/** By then, the first screen is there on most machines. */
const LATER_MS = 1_000;

/** Leaves out its content until the first screen has had time to load, or until `isNeeded`. */
export function Later({
  isNeeded,
  children,
}: {
  readonly isNeeded: boolean;
  readonly children: ReactNode;
}) {
  const [isReady, setReady] = useState(isNeeded);
  if (isNeeded && !isReady) setReady(true);
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isReady && <Suspense fallback={null}>{children}</Suspense>;
}
