import { useCallback } from "react";
import { useSearchParams } from "wouter";

export type SheetKind = "lead" | "contact" | "apt";

export interface Sheet {
  readonly open: { readonly kind: SheetKind; readonly id: string } | null;
  readonly show: (kind: SheetKind, id: string) => void;
  readonly close: () => void;
}

const KINDS: readonly SheetKind[] = ["lead", "contact", "apt"];

/** The row that stands at the side, as the address names it: `?sheet=lead:lead_1`. A link is a screen. */
export function useSheet(): Sheet {
  const [search, setSearch] = useSearchParams();
  const [name = "", ...rest] = (search.get("sheet") ?? "").split(":");
  const kind = KINDS.find((each) => each === name);
  const id = rest.join(":");
  const show = useCallback(
    (next: SheetKind, nextId: string) =>
      setSearch((known) => {
        const changed = new URLSearchParams(known);
        changed.set("sheet", `${next}:${nextId}`);
        return changed;
      }),
    [setSearch],
  );
  const close = useCallback(
    () =>
      setSearch((known) => {
        const changed = new URLSearchParams(known);
        changed.delete("sheet");
        return changed;
      }),
    [setSearch],
  );
  return { open: kind === undefined || id === "" ? null : { kind, id }, show, close };
}
