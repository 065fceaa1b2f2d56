import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "./ui/tokens.css";
import "./ui/base.css";
import { App } from "./app/app.tsx";
import { applyTheme } from "./ui/preferences.ts";
import { listenForShortcuts } from "./ui/shortcuts.ts";
import { DocketProvider } from "./query/docket-context.tsx";
import { signInByFragment } from "./session/fragment.ts";
import { SessionProvider } from "./session/session-context.tsx";
import { createSessionStore } from "./session/session.ts";
import { Toasts } from "./ui/toast.tsx";

const store = createSessionStore(sessionStorage);
signInByFragment(store);
// A sign-in link that is opened in a tab of the console changes nothing but the fragment.
window.addEventListener("hashchange", () => signInByFragment(store));
applyTheme();
listenForShortcuts();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    {/* The Content-Security-Policy allows no inline styles: ui/base.css has those of Base UI. */}
    <CSPProvider disableStyleElements>
      <SessionProvider store={store}>
        <DocketProvider>
          <Tooltip.Provider>
            <Toasts>
              <App />
            </Toasts>
          </Tooltip.Provider>
        </DocketProvider>
      </SessionProvider>
    </CSPProvider>
  </StrictMode>,
);
