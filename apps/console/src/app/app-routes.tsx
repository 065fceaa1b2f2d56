import { Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";

import { useClaims } from "../session/session-context.tsx";
import { isAllowed } from "../session/claims.ts";
import { EmptyState, Problem } from "../ui/states.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { Area } from "./area.ts";
import { preferredContext, useContexts } from "./contexts.ts";
import { contextPath, tenantPath } from "./paths.ts";
import { usePreferences } from "../ui/preferences.ts";
import { AREAS } from "./routes.tsx";

/** The screen of the current URL. */
export function AppRoutes() {
  return (
    <Suspense fallback={<Skeleton />}>
      <Switch>
        <Route path="/">
          <Home />
        </Route>
        {AREAS.map((area) => (
          <Route key={area.name} path={pattern(area)}>
            {(parameters) => <AreaScreen area={area} parameters={parameters} />}
          </Route>
        ))}
        <Route>
          <EmptyState isPage icon="search" title="This page does not exist">
            Choose another one in the navigation.
          </EmptyState>
        </Route>
      </Switch>
    </Suspense>
  );
}

const pattern = ({ scope, name }: Area): string =>
  scope === "context" ? `/contexts/:contextId/${name}/:itemId?` : `/${name}/:itemId?`;

function AreaScreen({
  area,
  parameters,
}: {
  readonly area: Area;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}) {
  const claims = useClaims();
  if (!isAllowed(claims, area.permission)) {
    return (
      <EmptyState isPage icon="lock" title={`You may not see ${area.label.toLowerCase()}`}>
        Ask your administrator for the permission {area.permission}.
      </EmptyState>
    );
  }
  const { contextId = "", itemId } = parameters;
  // The key gives each context a screen of its own, with no selection of another one.
  if (area.scope === "context") {
    return <area.Screen key={contextId} contextId={contextId} itemId={itemId} />;
  }
  return <area.Screen itemId={itemId} />;
}

/** Goes to the first area that the person may see, in the context that was open last. */
function Home() {
  const contexts = useContexts();
  const { contextId } = usePreferences();
  const claims = useClaims();
  const allowed = AREAS.filter((area) => isAllowed(claims, area.permission));
  if (contexts.isPending) return <Skeleton />;
  if (contexts.isError) {
    return <Problem error={contexts.error} retry={() => void contexts.refetch()} />;
  }
  const known = preferredContext(contexts.data, contextId);
  const first = allowed.find(({ scope }) => scope === "tenant" || known !== undefined);
  if (first === undefined) {
    return (
      <EmptyState isPage icon="database" title="There is nothing to see yet">
        Your organization has no reconciliation that you may see.
      </EmptyState>
    );
  }
  const isTenant = first.scope === "tenant" || known === undefined;
  return (
    <Redirect replace to={isTenant ? tenantPath(first.name) : contextPath(known.id, first.name)} />
  );
}
