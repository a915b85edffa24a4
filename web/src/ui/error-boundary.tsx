import { Component, type ReactNode } from "react";

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** What stands in the place of what broke. */
  readonly fallback: (retry: () => void) => ReactNode;
  /** Another value tries again: another page, another row. */
  readonly resetKey?: string | undefined;
}

interface State {
  readonly failed: boolean;
  readonly resetKey: string | undefined;
}

/** A part that breaks takes down itself and nothing else. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    { resetKey }: ErrorBoundaryProps,
    state: State,
  ): Partial<State> | null {
    return resetKey === state.resetKey ? null : { failed: false, resetKey };
  }

  override componentDidCatch(error: unknown): void {
    // Where the page's own reporting sees it.
    reportError(error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return this.props.fallback(() => this.setState({ failed: false }));
  }
}
