import { CSPProvider } from "@base-ui/react/csp-provider";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app/app.tsx";
import { listenForNavigations } from "./app/arrival.ts";
import { startFirstRequests } from "./app/first-requests.ts";
import { preloadScreen } from "./app/preload.ts";
import { prepareFormats } from "./ui/format.ts";
import { applyTheme } from "./ui/preferences.ts";
import { listenForShortcuts } from "./ui/shortcuts.ts";
import { createClients, pauseQueriesWithoutSession } from "./query/clients.ts";
import { DocketProvider } from "./query/docket-context.tsx";
import { openSession } from "./session/open-session.ts";
import { SessionProvider } from "./session/session-context.tsx";
import { personIn } from "./session/session.ts";
import { Problem } from "./ui/states.tsx";

applyTheme();
listenForShortcuts();
listenForNavigations();
preloadScreen(window.location.pathname);
const root = createRoot(document.getElementById("root")!);
// Not a top-level await: files that are loaded meanwhile may import this one, and would wait for it to end.
start().catch((error: unknown) =>
  root.render(
    <main>
      <h1 className="visually-hidden">Docket</h1>
      <Problem
        title="Docket does not answer"
        error={error}
        retry={() => window.location.reload()}
      />
    </main>,
  ),
);

async function start(): Promise<void> {
  const { store, signIn } = await openSession();
  pauseQueriesWithoutSession(store);
  const session = store.get();
  const clients = createClients(store, personIn(session));
  if (session.state === "active") {
    startFirstRequests(clients, session.claims, window.location);
    prepareFormats();
  }
  root.render(
    <StrictMode>
      {/* The Content-Security-Policy allows no inline styles: ui/base.css has those of Base UI. */}
      <CSPProvider disableStyleElements>
        <SessionProvider store={store} signIn={signIn}>
          <DocketProvider first={clients}>
            <App />
          </DocketProvider>
        </SessionProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
