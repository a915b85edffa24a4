import { X } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";

import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { SkeletonRows } from "@/ui/skeleton";
import { useSheet } from "@/ui/use-sheet";
import { PageBoundary } from "../root-boundary";
import { LazyBookingCard, LazyPersonCard } from "./lazy";
import styles from "./row-sheet.module.css";

/** Any row, at the side of the page it was opened from; the whole screen on a phone. Escape closes it. */
export function RowSheet() {
  const { button } = useMessages();
  const { open, close } = useSheet();
  const sheet = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const name = open === null ? null : `${open.kind}:${open.id}`;
  useEffect(() => {
    if (name === null) return;
    before.current ??= document.activeElement;
    sheet.current?.focus({ preventScroll: true });
  }, [name]);
  useEffect(() => {
    if (name !== null) return;
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    before.current = null;
  }, [name]);
  useEffect(() => {
    if (name === null) return;
    const press = (event: KeyboardEvent): void => {
      const isOver = document.querySelector("dialog[open], [role=menu]") !== null;
      if (event.key === "Escape" && !isOver && !event.defaultPrevented) close();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [name, close]);
  if (open === null || name === null) return null;
  return (
    <aside
      ref={sheet}
      tabIndex={-1}
      className={styles.sheet}
      data-testid="row-sheet"
      aria-label={button.details}
    >
      <Button
        size="icon"
        tone="quiet"
        className={styles.close}
        aria-label={button.close}
        onClick={close}
      >
        <X size={16} aria-hidden="true" />
      </Button>
      <PageBoundary page={name}>
        <Suspense fallback={<SkeletonRows rows={6} />}>
          {open.kind === "apt" ? (
            <LazyBookingCard key={name} id={open.id} />
          ) : (
            <LazyPersonCard key={name} kind={open.kind} id={open.id} />
          )}
        </Suspense>
      </PageBoundary>
    </aside>
  );
}
