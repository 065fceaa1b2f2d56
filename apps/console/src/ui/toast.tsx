import { Toast } from "@base-ui/react/toast";

import { IconButton } from "./button.tsx";
import "./toast.css";

/** `toasts.add({ title, description, timeout })` tells the outcome of what goes on in the background. */
export const toasts = Toast.createToastManager();

/** Once, around the application. */
export function Toasts({ children }: { readonly children: React.ReactNode }) {
  return (
    <Toast.Provider toastManager={toasts} timeout={8_000}>
      {children}
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
