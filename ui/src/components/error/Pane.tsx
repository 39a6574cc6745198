import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/error";
import { ErrorView } from "./ErrorView";

type PaneProps = {
  children: ReactNode;
  /** When it changes, a pane that had failed is shown again: the route, the tenant. */
  resetKey?: string;
};
type PaneState = { failed: unknown; resetKey: string | undefined };

/** A part of the window that can fail alone: the rest goes on, and this part offers to be shown again. */
export class Pane extends Component<PaneProps, PaneState> {
  override state: PaneState = { failed: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(failed: unknown): Partial<PaneState> {
    return { failed };
  }

  static getDerivedStateFromProps(props: PaneProps, state: PaneState): Partial<PaneState> | null {
    if (props.resetKey === state.resetKey) return null;
    return { failed: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    return <FailedPane failed={this.state.failed} onRetry={() => this.setState({ failed: null })} />;
  }
}

function FailedPane({ failed, onRetry }: { failed: unknown; onRetry: () => void }) {
  const { t } = useTranslation("errors");
  return (
    <div style={{ padding: 20 }}>
      <ErrorView error={asApiError(failed)} title={t("heading.pane")} onRetry={onRetry} />
    </div>
  );
}
