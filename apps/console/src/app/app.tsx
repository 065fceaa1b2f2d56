import { useLocation, useSearch } from "wouter";

import { useSession } from "../session/session-context.tsx";
import { SignedOut } from "../session/signed-out.tsx";
import { AppRoutes } from "./app-routes.tsx";
import { Crash } from "./crash.tsx";
import { Shell } from "./shell.tsx";

/** The console of somebody who is signed in, or what to do to sign in. */
export function App() {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  if (session.state !== "active") return <SignedOut wasExpired={session.state === "expired"} />;
  return (
    <Shell>
      <Crash place={`${path}?${search}`}>
        <AppRoutes />
      </Crash>
    </Shell>
  );
}
