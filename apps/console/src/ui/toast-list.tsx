import { Toast } from "@base-ui/react/toast";
import { useEffect } from "react";

import { IconButton } from "./button.tsx";
import { showToasts } from "./toast.ts";
import "./toast.css";

const manager = Toast.createToastManager();

/** Once in the page. */
export function Toasts() {
  // Runs after the effect of the provider that listens to the manager.
  useEffect(() => showToasts((toast) => void manager.add(toast)), []);
  return (
    <Toast.Provider toastManager={manager} timeout={8_000}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts: shown } = Toast.useToastManager();
  return shown.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection="right">
      <div className="toast__texts">
        <Toast.Title className="toast__title text" />
        <Toast.Description className="secondary text" />
        <Toast.Action className="toast__action" />
      </div>
      {/* Base UI hides it from assistive technology until the toasts are expanded, although it takes the focus. */}
      <Toast.Close aria-hidden={false} render={<IconButton label="Dismiss" icon="x" />} />
    </Toast.Root>
  ));
}
