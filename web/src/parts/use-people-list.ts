import { useMemo } from "react";
import { useSearchParams } from "wouter";

/** A list of people by what the address says: `?q=`, `?status=`, `?sort=`. A link is a screen. */
export interface PeopleQuery {
  readonly text: string;
  readonly status: string;
  readonly sort: string;
  readonly set: (name: "q" | "status" | "sort", value: string) => void;
}

export function usePeopleQuery(): PeopleQuery {
  const [search, setSearch] = useSearchParams();
  return {
    text: search.get("q") ?? "",
    status: search.get("status") ?? "",
    sort: search.get("sort") ?? "",
    set: (name, value) =>
      setSearch(
        (known) => {
          const next = new URLSearchParams(known);
          if (value === "") next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: name === "q" },
      ),
  };
}

/** Who can be looked for. */
export interface Findable {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  readonly email: string | null;
}

/** Those whose name, number or address fits; by name, or by the column that `sort` names, `-` for downwards. */
export function usePeople<T extends Findable>(
  people: readonly T[],
  { text, sort }: Pick<PeopleQuery, "text" | "sort">,
  valueOf: (person: T, column: string) => string | number | null,
  locale: string,
): readonly T[] {
  return useMemo(() => {
    const wanted = plain(text);
    const digits = text.replace(/\D/g, "");
    const found = people.filter(
      ({ name, phone, email }) =>
        wanted === "" ||
        plain(name).includes(wanted) ||
        (digits.length >= 3 && (phone ?? "").endsWith(digits)) ||
        (digits.length >= 3 && (phone ?? "").includes(digits)) ||
        (email ?? "").toLowerCase().includes(wanted),
    );
    const column = sort.replace(/^-/, "") || "name";
    const direction = sort.startsWith("-") ? -1 : 1;
    const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
    const order = (a: T, b: T): number => {
      const [x, y] = [valueOf(a, column), valueOf(b, column)];
      if (typeof x === "number" || typeof y === "number")
        return (Number(x ?? 0) - Number(y ?? 0)) * direction;
      return collator.compare(x ?? "", y ?? "") * direction;
    };
    return [...found].sort((a, b) => order(a, b) || a.id.localeCompare(b.id));
  }, [people, text, sort, valueOf, locale]);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
