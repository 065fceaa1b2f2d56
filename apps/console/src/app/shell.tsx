import { useEffect, type ReactNode } from "react";

import { ExportWatcher } from "../exports/export-watcher.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ContextSwitcher } from "./context-switcher.tsx";
import { Navigation } from "./navigation.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { useNavigationShortcuts } from "./navigation-shortcuts.ts";
import { usePreferences } from "../ui/preferences.ts";
import { LiveStatus } from "../live/live-status.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import "./shell.css";

/** The frame of all screens: top bar, navigation and the place of the screen. */
export function Shell({
  onShortcuts,
  children,
}: {
  /** Opens the list of shortcuts. */
  readonly onShortcuts: () => void;
  readonly children: ReactNode;
}) {
  useNavigationShortcuts();
  useShortcuts([{ keys: "?", label: "List the shortcuts", run: onShortcuts }]);
  useDensity();
  return (
    <div className="shell">
      <a href="#main" className="skip-link" onClick={focusMain}>
        Skip to the content
      </a>
      <header className="top-bar">
        <span className="top-bar__name">Docket</span>
        <ContextSwitcher />
        <span className="top-bar__space" />
        <LiveStatus />
        <AccountMenu onShortcuts={onShortcuts} />
      </header>
      <Navigation />
      <main id="main" className="main" tabIndex={-1}>
        <OfflineBanner />
        {children}
      </main>
      <ExportWatcher />
    </div>
  );
}

/** Not by the fragment, which is the place of a sign-in token. */
function focusMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function useDensity(): void {
  const { density } = usePreferences();
  useEffect(() => {
    document.documentElement.dataset["density"] = density;
  }, [density]);
}
