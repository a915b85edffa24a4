import { useState } from "react";

import type { Job } from "@/api/jobs";
import { useSyncClient } from "@/sync";
import { useMessages } from "@/ui/messages";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import styles from "./job-page.module.css";

/** What the staff write of a job. Written upon newer notes of somebody else, both are shown. */
export function Notes({ job }: { readonly job: Job }) {
  const { job: words } = useMessages();
  const { rows } = useSyncClient();
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? job.notes ?? "";
  const version = rows.confirmed("jobs", job.id)?.version;
  return (
    <section className={page.section} aria-labelledby="notes">
      <div className={page.sectionHead}>
        <h2 id="notes" className={page.sectionTitle}>
          {words.notes}
        </h2>
      </div>
      <div className={styles.notes}>
        <textarea
          className={page.input}
          aria-labelledby="notes"
          rows={4}
          maxLength={2000}
          value={shown}
          onChange={({ target }) => setText(target.value)}
        />
        <SyncButton<{ notes: string; expectedVersion?: number }>
          endpoint={`/api/jobs/${job.id}`}
          method="PATCH"
          scope={`jobs/${job.id}`}
          scopes={[`#notes/jobs/${job.id}`]}
          concurrency="latest"
          eventTable="jobs"
          body={{
            notes: shown,
            ...(typeof version === "number" ? { expectedVersion: version } : {}),
          }}
          base={() => (typeof version === "number" ? { notes: job.notes } : undefined)}
          optimistic={({ notes }) => ({ table: "jobs", id: job.id, fields: { notes } })}
          size="small"
          disabled={text === null || text === (job.notes ?? "")}
          successMessage={words.saved}
          onSuccess={() => setText(null)}
        >
          {words.save}
        </SyncButton>
      </div>
    </section>
  );
}
