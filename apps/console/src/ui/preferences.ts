import { useSyncExternalStore } from "react";

/** What a person has set for this browser. */
export type Preferences = {
  readonly theme: "system" | "light" | "dark";
  readonly density: "comfortable" | "compact";
  readonly shortcuts: "on" | "off";
  /** The context that was open last. */
  readonly contextId: string;
};

const DEFAULTS: Preferences = {
  theme: "system",
  density: "comfortable",
  shortcuts: "on",
  contextId: "",
};
const STORAGE_KEY = "docket.preferences";

let current = read();
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as Partial<Preferences>;
    return { ...DEFAULTS, ...stored };
  } catch {
    // Storage is off, or holds something else.
    return DEFAULTS;
  }
}

export const preferences = (): Preferences => current;

export function setPreferences(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  } catch {
    // They then last until the page is closed.
  }
  applyTheme();
  for (const listener of listeners) listener();
}

/** Before the first paint, and after each change. */
export function applyTheme(): void {
  const { theme } = current;
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export const usePreferences = (): Preferences =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, preferences);
