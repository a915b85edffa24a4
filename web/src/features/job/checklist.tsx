import type { Job, Point } from "@/api/jobs";
import { useSyncMutation } from "@/sync";
import { sentenceOf, useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import styles from "./job-page.module.css";

export interface ChecklistProps {
  readonly job: Job;
  readonly part: "tech" | "qc";
  readonly title: string;
  readonly checks: readonly Point[];
}

interface Body {
  readonly checklist: Readonly<Partial<Record<"tech" | "qc", readonly Point[]>>>;
}

/** What is to be done, point by point. Quick ticks become one request with the last state. */
export function Checklist({ job, part, title, checks }: ChecklistProps) {
  const messages = useMessages();
  const save = useSyncMutation<Body>(`/api/jobs/${job.id}`, {
    method: "PATCH",
    scope: `jobs/${job.id}`,
    scopes: [`#${part}/jobs/${job.id}`],
    concurrency: "latest",
    eventTable: "jobs",
    optimistic: ({ checklist }) => ({
      table: "jobs",
      id: job.id,
      fields: { checklist: { ...job.checklist, ...checklist } },
    }),
  });
  const done = checks.filter((check) => check.done).length;
  return (
    <section className={page.section} aria-labelledby={`check-${part}`}>
      <div className={page.sectionHead}>
        <h2 id={`check-${part}`} className={page.sectionTitle}>
          {title}
        </h2>
        <span className={page.count}>
          {done}/{checks.length}
        </span>
      </div>
      <ul className={styles.checks}>
        {checks.map((check) => (
          <li key={check.id}>
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={check.done}
                onChange={({ target }) =>
                  void save.mutate({
                    checklist: {
                      [part]: checks.map((each) =>
                        each.id === check.id ? { ...each, done: target.checked } : each,
                      ),
                    },
                  })
                }
              />
              {check.label}
            </label>
          </li>
        ))}
      </ul>
      {save.error !== null && (
        <p role="alert" className={styles.error}>
          {sentenceOf(messages, save.error)}
        </p>
      )}
    </section>
  );
}
