import { useRef, useState, type PointerEvent as ReactPointerEvent } from "react";

import type { Booking } from "./use-calendar";

/** A mouse has to move this far before a click becomes a drag. */
const THRESHOLD_PX = 6;
/** A finger has to rest this long: a finger that moves earlier scrolls. */
const HOLD_MS = 250;
const STILL_PX = 5;

export interface Drop {
  /** Where it was let go, in the window. */
  readonly x: number;
  /** How far below where it was taken up. */
  readonly dy: number;
}

interface Dragged {
  readonly id: string;
  readonly dx: number;
  readonly dy: number;
}

/** Drags a booking by mouse, or by a finger that rested on it. Escape puts it back. */
export function useDrag(onDrop: (booking: Booking, drop: Drop) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const ended = useRef(0);
  const start = (event: ReactPointerEvent<HTMLElement>, booking: Booking): void => {
    if (event.button !== 0) return;
    const { clientX, clientY, pointerType, pointerId, currentTarget } = event;
    const isTouch = pointerType === "touch";
    const stop = new AbortController();
    const { signal } = stop;
    let isOn = false;
    const begin = (): void => {
      isOn = true;
      if (currentTarget.isConnected) currentTarget.setPointerCapture(pointerId);
      setDragged({ id: booking.id, dx: 0, dy: 0 });
    };
    const rest = isTouch ? setTimeout(begin, HOLD_MS) : undefined;
    const end = (): void => {
      stop.abort();
      clearTimeout(rest);
      if (isOn) ended.current = Date.now();
      setDragged(null);
    };
    const move = (to: PointerEvent): void => {
      const [dx, dy] = [to.clientX - clientX, to.clientY - clientY];
      const far = Math.hypot(dx, dy);
      if (!isOn && isTouch && far > STILL_PX) end();
      else if (!isOn && !isTouch && far > THRESHOLD_PX) begin();
      if (isOn) setDragged({ id: booking.id, dx, dy });
    };
    addEventListener("pointermove", move, { signal });
    addEventListener(
      "pointerup",
      (to) => {
        const wasOn = isOn;
        end();
        if (wasOn) onDrop(booking, { x: to.clientX, dy: to.clientY - clientY });
      },
      { signal },
    );
    addEventListener("pointercancel", end, { signal });
    addEventListener("keydown", (key) => key.key === "Escape" && end(), { signal });
    // A drag that has begun does not scroll as well.
    addEventListener("touchmove", (touch) => isOn && touch.preventDefault(), {
      signal,
      passive: false,
    });
    // The click that follows a drag is none.
    addEventListener(
      "click",
      (click) => {
        if (Date.now() - ended.current < 300) click.stopPropagation();
      },
      { capture: true, once: true },
    );
  };
  return {
    start,
    isDragging: (id: string): boolean => dragged?.id === id,
    offsetOf: (id: string): string | undefined =>
      dragged?.id === id ? `${String(dragged.dx)}px ${String(dragged.dy)}px` : undefined,
  };
}
