import { isDocketError } from "@docket/client";
import type { ReactNode } from "react";

import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import "./states.css";

/** What would be here, and the first step towards it. */
export function EmptyState({
  icon = "file",
  title,
  isPage = false,
  children,
  action,
}: {
  readonly icon?: IconName;
  readonly title: string;
  /** There is nothing else on the page. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="state">
      <span className="state__icon">
        <Icon name={icon} size={20} />
      </span>
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children !== undefined && <p className="secondary">{children}</p>}
      {action}
    </div>
  );
}

/** A failure: what happened, what to do, and the id of the request. */
export function Problem({
  error,
  retry,
  title,
}: {
  readonly error: unknown;
  readonly retry?: () => void;
  readonly title?: string;
}) {
  const problem = describeError(error);
  return (
    <div className="state state--problem" role="alert">
      <span className="state__icon">
        <Icon name={problem.icon} size={20} />
      </span>
      <h2>{title ?? problem.title}</h2>
      <p className="secondary text">{problem.detail}</p>
      {retry !== undefined && <Button onClick={retry}>Try again</Button>}
      {problem.requestId !== undefined && <RequestId id={problem.requestId} />}
    </div>
  );
}

/** The same in one line, for forms and panels. */
export function InlineProblem({ error }: { readonly error: unknown }) {
  const { detail, requestId } = describeError(error);
  return (
    <div className="inline-problem" role="alert">
      <Icon name="alert" />
      <div>
        <p className="text">{detail}</p>
        {requestId !== undefined && <RequestId id={requestId} />}
      </div>
    </div>
  );
}

const RequestId = ({ id }: { readonly id: string }) => (
  <p className="small secondary">
    Request <span className="mono text">{id}</span>
  </p>
);

type Description = {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly requestId?: string | undefined;
};

/** Words for what went wrong. */
export function describeError(error: unknown): Description {
  if (!isDocketError(error)) {
    return {
      icon: "alert",
      title: "Something went wrong",
      detail: "Reload the page to try again.",
    };
  }
  const { code, detail, requestId } = error;
  if (code === "network_error" || code === "timeout") {
    return {
      icon: "offline",
      title: "Docket does not answer",
      detail: "Check the connection, then try again.",
    };
  }
  if (code === "forbidden")
    return { icon: "lock", title: "You may not see this", detail, requestId };
  if (code === "not_found") {
    return {
      icon: "search",
      title: "This does not exist",
      detail: "The link may be wrong, or belong to another organization.",
      requestId,
    };
  }
  return { icon: "alert", title: "The request failed", detail, requestId };
}

/** What went wrong as one text, with the ID of the request. */
export function errorText(error: unknown): string {
  const { detail, requestId } = describeError(error);
  return requestId === undefined ? detail : `${detail} (request ${requestId})`;
}
