import { useLayoutEffect, useRef, type ReactNode } from "react";

export interface DialogProps {
  readonly className: string | undefined;
  readonly labelledBy?: string | undefined;
  readonly label?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Stands over the page as long as it is rendered; the rest of the page is out of reach. Escape and
 * the backdrop close it, and the focus goes back to where it was.
 */
export function Dialog({
  className,
  labelledBy,
  label,
  describedBy,
  onClose,
  children,
}: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // A layout effect: it is closed before it is removed, so that the focus goes back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    // The browser itself turns Escape into `cancel`; a click on the dialog itself is one on its backdrop.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      aria-label={label}
      aria-describedby={describedBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
