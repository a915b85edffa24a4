import type { ReactNode } from "react";

import page from "./page.module.css";

export interface WideTableProps {
  /** What it is a table of. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Holds a table. Where that is wider than the screen it scrolls by itself, also by keys. */
export function WideTable({ label, children }: WideTableProps) {
  return (
    // Without a place in the order of focus the keyboard could not scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={page.tableWrap} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
