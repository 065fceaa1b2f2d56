import { Component, type ReactNode } from "react";

import { Problem } from "../ui/states.tsx";

type Props = {
  /** The path and the query. A screen at another place has not failed. */
  readonly place: string;
  readonly children: ReactNode;
};

type State = { readonly failure: { readonly error: unknown } | undefined };

/** Shows a failure of a screen in its place. The navigation stays. */
export class Crash extends Component<Props, State> {
  override state: State = { failure: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: { error } };
  }

  override componentDidUpdate({ place }: Props): void {
    if (place !== this.props.place && this.state.failure !== undefined) {
      // oxlint-disable-next-line react/no-did-update-set-state -- Renders a second time only after a failure.
      this.setState({ failure: undefined });
    }
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return <Problem error={failure.error} retry={() => window.location.reload()} />;
  }
}
