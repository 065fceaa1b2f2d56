import { useLocation, useRoute } from "wouter";

import { Select } from "../ui/select.tsx";
import { useContextId, useContexts } from "./contexts.ts";
import { contextPath } from "./paths.ts";
import { setPreferences } from "../ui/preferences.ts";

/** Chooses the reconciliation. The area stays. */
export function ContextSwitcher() {
  const { data = [] } = useContexts();
  const contextId = useContextId();
  const [isInContext, parameters] = useRoute("/contexts/:contextId/:area/*?");
  const [, navigate] = useLocation();
  if (data.length === 0) return null;
  const change = (id: string): void => {
    setPreferences({ contextId: id });
    if (isInContext) navigate(contextPath(id, parameters.area));
  };
  return (
    <Select
      className="context-switcher"
      label="Reconciliation"
      options={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={contextId}
      onChange={change}
      placeholder="Unknown reconciliation"
    />
  );
}
