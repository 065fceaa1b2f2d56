import { CSPProvider } from "@base-ui/react/csp-provider";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app/app.tsx";
import { preloadScreen } from "./app/preload.ts";
import { applyTheme } from "./ui/preferences.ts";
import { listenForShortcuts } from "./ui/shortcuts.ts";
import { DocketProvider, pauseQueriesWithoutSession } from "./query/docket-context.tsx";
import { openSession } from "./session/open-session.ts";
import { SessionProvider } from "./session/session-context.tsx";
import { Problem } from "./ui/states.tsx";
import { Toasts } from "./ui/toast.tsx";

applyTheme();
listenForShortcuts();
preloadScreen(window.location.pathname);
const root = createRoot(document.getElementById("root")!);

try {
  const { store, signIn } = await openSession();
  pauseQueriesWithoutSession(store);
  root.render(
    <StrictMode>
      {/* The Content-Security-Policy allows no inline styles: ui/base.css has those of Base UI. */}
      <CSPProvider disableStyleElements>
        <SessionProvider store={store} signIn={signIn}>
          <DocketProvider>
            <Toasts>
              <App />
            </Toasts>
          </DocketProvider>
        </SessionProvider>
      </CSPProvider>
    </StrictMode>,
  );
} catch (error) {
  root.render(
    <main>
      <h1 className="visually-hidden">Docket</h1>
      <Problem
        title="Docket does not answer"
        error={error}
        retry={() => window.location.reload()}
      />
    </main>,
  );
}
