import { Component } from "react";
import type { ReactNode } from "react";

export interface RemoteBoundaryProps {
  /** What is missing when the remote is, in words for a customer. */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
}

/** Keeps the page alive when a remote cannot be loaded or breaks while it renders. */
export class RemoteBoundary extends Component<RemoteBoundaryProps, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) {
      return this.props.children;
    }
    return (
      <p className="shell-missing" role="alert" data-testid="remote-missing">
        The {this.props.name} cannot be shown right now. Please reload the page.
      </p>
    );
  }
}
