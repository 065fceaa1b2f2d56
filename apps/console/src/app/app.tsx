import { useState } from "react";
import { useLocation, useSearch } from "wouter";

import { useSession } from "../session/session-context.tsx";
import { claimsOf } from "../session/session.ts";
import { SignedOut } from "../session/signed-out.tsx";
import { HeldDialogs } from "../ui/dialog-state.ts";
import { AppRoutes } from "./app-routes.tsx";
import { Crash } from "./crash.tsx";
import type { FloatingProps } from "./floating.tsx";
import { Later } from "./later.tsx";
import { lazyScreen } from "./lazy-screen.tsx";
import { Shell } from "./shell.tsx";

const { Screen: Floating } = lazyScreen<FloatingProps>(
  async () => (await import("./floating.tsx")).Floating,
);

/** The console, or the sign-in page if no user is signed in. */
export function App() {
  const session = useSession();
  const [path] = useLocation();
  const place = `${path}?${useSearch()}`;
  const [areShortcutsOpen, setShortcutsOpen] = useState(false);
  const isExpired = session.state === "expired";
  if (claimsOf(session) === undefined) return <SignedOut wasExpired={isExpired} />;
  return (
    <>
      <HeldDialogs value={isExpired}>
        <Shell onShortcuts={() => setShortcutsOpen(true)}>
          <Crash place={place}>
            <AppRoutes />
          </Crash>
        </Shell>
      </HeldDialogs>
      <Crash place={place}>
        <Later isNeeded={isExpired || areShortcutsOpen}>
          <Floating
            isExpired={isExpired}
            areShortcutsOpen={areShortcutsOpen}
            onCloseShortcuts={() => setShortcutsOpen(false)}
          />
        </Later>
      </Crash>
    </>
  );
}
