import type { ReactNode } from "react";

import { ErrorBoundary } from "@/ui/error-boundary";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import styles from "./app.module.css";

/** The last resort: never a white page. */
export function RootBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <ErrorBoundary
      fallback={() => (
        <main className={styles.alone}>
          <Broken onReload={() => location.reload()} />
        </main>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

/** One page that broke: the frame and the other pages go on. */
export function PageBoundary(props: { readonly page: string; readonly children: ReactNode }) {
  return (
    <ErrorBoundary resetKey={props.page} fallback={(retry) => <Broken onReload={retry} />}>
      {props.children}
    </ErrorBoundary>
  );
}

function Broken({ onReload }: { readonly onReload: () => void }) {
  const { app } = useMessages();
  return (
    <Notice
      role="alert"
      title={app.broken}
      text={app.brokenHint}
      actionLabel={app.reload}
      onAction={onReload}
    />
  );
}
