import { memo } from "react";

import { Flash } from "@/ui/flash";
import { phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { useSheet } from "@/ui/use-sheet";
import styles from "./people-page.module.css";

export interface NameCellProps {
  readonly kind: "lead" | "contact";
  readonly id: string;
  readonly name: string;
}

/** Somebody's name, which opens them, and who has just changed them. */
export const NameCell = memo(function NameCell({ kind, id, name }: NameCellProps) {
  const { list } = useMessages();
  const { show } = useSheet();
  return (
    <span className={styles.name}>
      <button
        type="button"
        className={page.nameButton}
        tabIndex={-1}
        onClick={() => show(kind, id)}
      >
        {name === "" ? list.unnamed : name}
      </button>
      <Flash table={`${kind}s`} id={id} />
    </span>
  );
});

/** A number that a press calls. */
export function PhoneCell({ phone }: { readonly phone: string | null }) {
  if (phone === null) return null;
  return (
    <a className={styles.phone} href={`tel:${phone}`}>
      {phoneOf(phone)}
    </a>
  );
}
