import { Plus } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/ui/button";
import page from "@/ui/page.module.css";

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** What one more of its rows is called, and makes. */
  readonly add?: { readonly label: string; readonly onAdd: () => void };
  readonly children: ReactNode;
}

/** One part of the settings. */
export function Section({ id, title, add, children }: SectionProps) {
  return (
    <section className={page.section} aria-labelledby={id}>
      <div className={page.sectionHead}>
        <h2 id={id} className={page.sectionTitle}>
          {title}
        </h2>
        {add !== undefined && (
          <Button size="small" tone="quiet" className={page.push ?? ""} onClick={add.onAdd}>
            <Plus size={14} aria-hidden="true" />
            {add.label}
          </Button>
        )}
      </div>
      {children}
    </section>
  );
}

/** An id for something new: short, and of none of the others. */
export function newId(prefix: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number += 1) {
    const id = `${prefix}${String(number)}`;
    if (!taken.includes(id)) return id;
  }
}
