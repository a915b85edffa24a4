import { X } from "lucide-react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useMessages } from "@/ui/messages";
import styles from "./shortcut-list.module.css";
import { setSingleKeys, useSingleKeys } from "./use-shortcuts";

/** Every shortcut, and a switch for those of a single key. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const { shortcuts, button } = useMessages();
  const single = useSingleKeys();
  return (
    <Dialog className={styles.dialog} label={shortcuts.title} onClose={onClose}>
      <div className={styles.body}>
        <div className={styles.head}>
          <h2 className={styles.title}>{shortcuts.title}</h2>
          <Button size="icon" tone="quiet" aria-label={button.close} onClick={onClose}>
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
        <dl className={styles.list}>
          {shortcuts.list.map(([keys, what]) => (
            <div key={keys} className={styles.line}>
              <dt>{what}</dt>
              <dd>
                <kbd className={styles.key}>{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <label className={styles.switch}>
          <input
            type="checkbox"
            checked={single}
            onChange={({ target }) => setSingleKeys(target.checked)}
          />
          <span>
            {shortcuts.off}
            <small className={styles.hint}>{shortcuts.offHint}</small>
          </span>
        </label>
      </div>
    </Dialog>
  );
}
