import { useEffect, useRef } from "react";

import { WORK_STEPS, type Job } from "@/api/jobs";
import { useMessages } from "@/ui/messages";
import { SyncButton } from "@/ui/sync-button";
import styles from "./job-page.module.css";

/** The way of a job, each step a press. */
export function Stepper({ job }: { readonly job: Job }) {
  const { job: words } = useMessages();
  const at = WORK_STEPS.findIndex((step) => step === job.workStatus);
  const list = useRef<HTMLOListElement>(null);
  // On a phone the steps are wider than the screen: the one that it is at is in sight.
  useEffect(() => {
    const show = (): void => {
      const [box, step] = [list.current, list.current?.children[at]];
      if (box !== null && step instanceof HTMLElement)
        box.scrollLeft = step.offsetLeft - (box.clientWidth - step.offsetWidth) / 2;
    };
    show();
    addEventListener("resize", show);
    return () => removeEventListener("resize", show);
  }, [at]);
  return (
    <ol ref={list} className={styles.steps} aria-label={words.step}>
      {WORK_STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} data-done={index < at}>
          <SyncButton<{ workStatus: string }>
            endpoint={`/api/jobs/${job.id}`}
            method="PATCH"
            scope={`jobs/${job.id}`}
            scopes={[`#step/jobs/${job.id}`]}
            concurrency="latest"
            eventTable="jobs"
            body={{ workStatus: step }}
            optimistic={({ workStatus }) => ({ table: "jobs", id: job.id, fields: { workStatus } })}
            size="small"
            tone={index === at ? "primary" : "quiet"}
            disabled={index === at || job.workStatus === "cancelled"}
          >
            {words.steps[step] ?? step}
          </SyncButton>
        </li>
      ))}
    </ol>
  );
}
