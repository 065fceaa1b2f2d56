import { Component, type ReactNode } from "react";

import { Problem } from "../ui/states.tsx";

type Props = { readonly children: ReactNode };

/** Shows a failure of a screen in its place. The navigation stays. */
export class Crash extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Problem error={error} retry={() => window.location.reload()} />;
  }
}
