import { AREAS } from "./routes.tsx";

/** Fetches the file of the screen at this path while the session opens. */
export function preloadScreen(path: string): void {
  const segments = path.split("/");
  const area = AREAS.find(({ name }) => segments.includes(name)) ?? AREAS[0];
  // The screen reports the failure when it is shown.
  area?.load().catch(() => undefined);
}
