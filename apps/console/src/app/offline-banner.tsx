import { useSyncExternalStore } from "react";

import { Icon } from "../ui/icon.tsx";

/** Says that what is shown may be old. */
export function OfflineBanner() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" className="status-line">
      {!isOnline && (
        <p className="banner">
          <Icon name="offline" />
          You are offline. What you see may be out of date.
        </p>
      )}
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
