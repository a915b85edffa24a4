import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { useLocation } from "wouter";

import { useRows } from "@/sync";
import { Dialog } from "@/ui/dialog";
import { phoneOf } from "@/ui/format";
import { Hidden } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { usePages } from "./nav";
import styles from "./palette.module.css";

interface Hit {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly path: string;
}

const MOST_PEOPLE = 8;

/** Finds pages and people by a few letters or digits. */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const { palette } = useMessages();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const hits = useHits(text);
  const chosen = Math.min(at, hits.length - 1);
  const go = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    onClose();
    navigate(hit.path);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setAt((chosen + step + hits.length) % hits.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      go(hits[chosen]);
    }
  };
  return (
    <Dialog className={styles.dialog} label={palette.title} onClose={onClose}>
      <input
        className={styles.input}
        role="combobox"
        aria-label={palette.placeholder}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={hits.length === 0 ? undefined : `${id}-${String(chosen)}`}
        aria-autocomplete="list"
        placeholder={palette.placeholder}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div role="listbox" id={`${id}-list`} aria-label={palette.title} className={styles.list}>
        {hits.map((hit, index) => (
          // The input keeps the focus and its keys choose; this is for the mouse.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={hit.key}
            role="option"
            id={`${id}-${String(index)}`}
            aria-selected={index === chosen}
            className={styles.hit}
            onClick={() => go(hit)}
            onPointerMove={() => setAt(index)}
          >
            <span>{hit.label}</span>
            <span className={styles.hint}>{hit.hint}</span>
          </div>
        ))}
      </div>
      <p role="status" className={hits.length === 0 ? styles.nothing : undefined}>
        {hits.length === 0 ? palette.nothing : <Hidden>{palette.results(hits.length)}</Hidden>}
      </p>
    </Dialog>
  );
}

function useHits(text: string): readonly Hit[] {
  const messages = useMessages();
  const pages = usePages();
  const [leads, contacts] = [useRows("leads"), useRows("contacts")];
  return useMemo(() => {
    const wanted = plain(text);
    const ofPages = pages
      .map((page) => ({
        key: page.path,
        label: page.name(messages),
        hint: messages.palette.pages,
        path: page.path,
      }))
      .filter(({ label }) => plain(label).includes(wanted));
    if (wanted === "") return ofPages;
    const ofPeople = [
      ...leads.map(({ row }) => ({ row, path: "/leads", hint: messages.person.lead })),
      ...contacts.map(({ row }) => ({ row, path: "/contacts", hint: messages.person.contact })),
    ]
      .filter(({ row }) => matches(row, text))
      .slice(0, MOST_PEOPLE)
      .map(({ row, path, hint }): Hit => {
        const [id, name] = [String(row.id), row.name];
        const phone = typeof row.phone === "string" ? ` · ${phoneOf(row.phone)}` : "";
        return {
          key: `${path}/${id}`,
          label: typeof name === "string" ? name : id,
          hint: hint + phone,
          path: `${path}/${encodeURIComponent(id)}`,
        };
      });
    return [...ofPeople, ...ofPages];
  }, [text, messages, pages, leads, contacts]);
}

function matches(row: Readonly<Record<string, unknown>>, text: string): boolean {
  const name = typeof row.name === "string" ? plain(row.name) : "";
  const digits = text.replace(/\D/g, "");
  const phone = typeof row.phone === "string" ? row.phone : "";
  return name.includes(plain(text)) || (digits.length >= 3 && phone.includes(digits));
}

/** Without accents and capitals: nobody types them when searching. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
