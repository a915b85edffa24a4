import { Search, X } from "lucide-react";

import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import styles from "./people-filter.module.css";
import type { PeopleQuery } from "./use-people-list";

export interface PeopleFilterProps {
  readonly query: PeopleQuery;
  readonly statuses: readonly { readonly status: string; readonly count: number }[];
}

/** Looks for people, and shows only those of one status. What is on is always to be seen. */
export function PeopleFilter({ query, statuses }: PeopleFilterProps) {
  const messages = useMessages();
  const { text, status, set } = query;
  const total = statuses.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={styles.filter}>
      <label className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          aria-label={messages.list.search}
          placeholder={messages.list.search}
          value={text}
          onChange={({ target }) => set("q", target.value)}
        />
      </label>
      <div role="group" aria-label={messages.leads.status} className={styles.chips}>
        {[{ status: "", count: total }, ...statuses].map((each) => (
          <button
            key={each.status}
            type="button"
            className={styles.chip}
            aria-pressed={each.status === status}
            onClick={() => set("status", each.status)}
          >
            {each.status === ""
              ? messages.list.all
              : (messages.leadStatuses[each.status] ?? each.status)}
            <span className={styles.count}>{each.count}</span>
          </button>
        ))}
      </div>
      {(text !== "" || status !== "") && (
        <Button
          size="small"
          tone="quiet"
          onClick={() => {
            set("q", "");
            set("status", "");
          }}
        >
          <X size={14} aria-hidden="true" />
          {messages.list.clear}
        </Button>
      )}
    </div>
  );
}
