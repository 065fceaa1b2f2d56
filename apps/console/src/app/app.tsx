import { useLocation, useSearch } from "wouter";

import { ExpiredDialog } from "../session/expired-dialog.tsx";
import { useSession } from "../session/session-context.tsx";
import { claimsOf } from "../session/session.ts";
import { SignedOut } from "../session/signed-out.tsx";
import { HeldDialogs } from "../ui/dialog.tsx";
import { AppRoutes } from "./app-routes.tsx";
import { Crash } from "./crash.tsx";
import { Shell } from "./shell.tsx";

/** The console, or the sign-in page if no user is signed in. */
export function App() {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  const isExpired = session.state === "expired";
  if (claimsOf(session) === undefined) return <SignedOut wasExpired={isExpired} />;
  return (
    <>
      <HeldDialogs value={isExpired}>
        <Shell>
          <Crash place={`${path}?${search}`}>
            <AppRoutes />
          </Crash>
        </Shell>
      </HeldDialogs>
      <ExpiredDialog isOpen={isExpired} />
    </>
  );
}
