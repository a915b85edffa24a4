import { Check } from "lucide-react";
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";

import styles from "./menu.module.css";

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  /** What typing its first letters looks for. */
  readonly text: string;
  /** Chosen of several; undefined where nothing is chosen. */
  readonly checked?: boolean | undefined;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly triggerClass?: string | undefined;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean | undefined;
  readonly busy?: boolean | undefined;
  readonly describedBy?: string | undefined;
  readonly testId?: string | undefined;
}

/**
 * A button that opens a list of things to do. Arrow keys, Home, End and first letters move, Escape
 * closes and gives the focus back.
 */
export function Menu(props: MenuProps) {
  const { label, trigger, triggerClass, items, disabled, busy, describedBy } = props;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  usePlacement(open, button, list);
  useOutside(open, [button, list], () => setOpen(false));
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <span className={styles.holder}>
      <button
        ref={button}
        type="button"
        className={triggerClass}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-busy={busy}
        aria-describedby={describedBy}
        disabled={disabled}
        data-testid={props.testId}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {trigger}
      </button>
      {open && (
        <div
          ref={list}
          id={id}
          role="menu"
          aria-label={label}
          popover="manual"
          className={styles.menu}
          data-open
          tabIndex={-1}
          onKeyDown={(event) => move(event, list.current, close)}
        >
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              role={item.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.checked}
              className={styles.item}
              tabIndex={-1}
              data-text={item.text}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.label}
              {item.checked === true && (
                <Check size={14} aria-hidden="true" className={styles.check} />
              )}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}

type Ref<T> = React.RefObject<T | null>;

/** Above all else, below its button or above it, within the window; the first item has the focus. */
function usePlacement(open: boolean, button: Ref<HTMLElement>, list: Ref<HTMLElement>): void {
  useLayoutEffect(() => {
    const [from, shown] = [button.current, list.current];
    if (!open || from === null || shown === null) return;
    // jsdom and older browsers have no top layer: then it stands over the page by its z-index.
    if ("showPopover" in shown && shown.isConnected) shown.showPopover();
    const [at, size] = [from.getBoundingClientRect(), shown.getBoundingClientRect()];
    const fitsBelow = at.bottom + 4 + size.height <= innerHeight || at.top < size.height + 4;
    const top = fitsBelow ? at.bottom + 4 : at.top - size.height - 4;
    const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
    shown.style.top = `${String(top)}px`;
    shown.style.left = `${String(left)}px`;
    const items = itemsOf(shown);
    (items.find((item) => item.ariaChecked === "true") ?? items[0])?.focus();
  }, [open, button, list]);
}

function useOutside(open: boolean, inside: readonly Ref<HTMLElement>[], act: () => void): void {
  const latest = useRef({ inside, act });
  useEffect(() => {
    latest.current = { inside, act };
  });
  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    const { signal } = stop;
    const outside = ({ target }: Event): void => {
      const { inside: own, act: leave } = latest.current;
      if (!own.some(({ current }) => current?.contains(target as Node) === true)) leave();
    };
    addEventListener("pointerdown", outside, { signal });
    addEventListener("resize", () => latest.current.act(), { signal });
    addEventListener("scroll", outside, { signal, capture: true });
    return () => stop.abort();
  }, [open]);
}

function itemsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role^=menuitem]")];
}

function move(event: KeyboardEvent, list: HTMLElement | null, close: () => void): void {
  if (list === null) return;
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
    return;
  }
  const items = itemsOf(list);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Readonly<Record<string, number | undefined>> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const letters = event.key.length === 1 ? event.key.toLowerCase() : null;
  const typed =
    letters === null || letters === " "
      ? -1
      : items.findIndex(({ dataset }) => dataset.text?.toLowerCase().startsWith(letters));
  const next = steps[event.key] ?? (typed === -1 ? undefined : typed);
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[next]?.focus();
}
