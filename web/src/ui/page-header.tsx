import type { ReactNode } from "react";

import styles from "./page-header.module.css";
import { SyncChip } from "./sync-chip";

export interface PageHeaderProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly children?: ReactNode;
}

/** The line above a page: what it is, what to do on it, and how it stands with the server. */
export function PageHeader({ title, subtitle, children }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.titles}>
        <h1 className={styles.title}>{title}</h1>
        {subtitle !== undefined && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {children !== undefined && <div className={styles.tools}>{children}</div>}
      <div className={styles.chip}>
        <SyncChip />
      </div>
    </header>
  );
}
