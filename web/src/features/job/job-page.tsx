import { useState } from "react";

import { toJob, WORK_STEPS, type Check, type Job } from "@/api/jobs";
import { useOne } from "@/data/use-one";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { momentOf, nameOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import { Checklist } from "./checklist";
import styles from "./job-page.module.css";

/** The work behind one Square booking: steps, checklists, notes, photos, history. */
export default function JobPage({ id }: { readonly id: string }) {
  const messages = useMessages();
  const { view, isLoading, isGone, error, refresh } = useOne("jobs", "job", id);
  const job = view === undefined ? null : toJob(view.row);
  return (
    <>
      <PageHeader title={messages.job.title} subtitle={job?.customer} />
      {job === null && isLoading && <SkeletonRows rows={6} />}
      {job === null && !isLoading && (isGone || error === null) && (
        <Notice title={messages.person.gone} />
      )}
      {job === null && error !== null && !isGone && (
        <ListProblem what={messages.job.title} error={error} onRetry={refresh} />
      )}
      {job !== null && <Details key={id} job={job} />}
    </>
  );
}

function Details({ job }: { readonly job: Job }) {
  const messages = useMessages();
  const clock = useClock();
  return (
    <div className={page.body} data-job-id={job.id}>
      <Stepper job={job} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <Checklist job={job} part="tech" title={messages.job.tech} checks={job.tech} />
          <Checklist job={job} part="qc" title={messages.job.qc} checks={job.qc} />
          <Notes job={job} />
          <Photos photos={job.photos} />
        </div>
        <div className={styles.side}>
          <section className={page.section} aria-labelledby="square">
            <div className={page.sectionHead}>
              <h2 id="square" className={page.sectionTitle}>
                {messages.job.square}
              </h2>
              <Flash table="jobs" id={job.id} />
            </div>
            <dl className={styles.facts}>
              {job.square.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    {Number.isNaN(Date.parse(value)) || !value.includes("T")
                      ? value
                      : momentOf(value, clock)}
                  </dd>
                </div>
              ))}
            </dl>
            <p className={page.nothing}>
              {messages.job.squareHint} {messages.job.created[job.createdBy ?? ""]}
            </p>
          </section>
          <section className={page.section} aria-labelledby="history">
            <div className={page.sectionHead}>
              <h2 id="history" className={page.sectionTitle}>
                {messages.job.history}
              </h2>
            </div>
            <ol className={styles.history}>
              {job.history.map(({ status, at, by }) => (
                <li key={`${status}${at}`}>
                  <StatusPill kind="job" status={status} />
                  <span className={page.muted}>
                    {momentOf(at, clock)}
                    {by === null ? "" : ` · ${by.includes("@") ? nameOf(by) : by}`}
                  </span>
                </li>
              ))}
            </ol>
          </section>
        </div>
      </div>
    </div>
  );
}

function Stepper({ job }: { readonly job: Job }) {
  const { job: words } = useMessages();
  const at = WORK_STEPS.findIndex((step) => step === job.workStatus);
  return (
    <ol className={styles.steps} aria-label={words.step}>
      {WORK_STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? "step" : undefined} data-done={index < at}>
          <SyncButton<{ workStatus: string }>
            endpoint={`/api/jobs/${job.id}`}
            method="PATCH"
            scope={`jobs/${job.id}`}
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

function Notes({ job }: { readonly job: Job }) {
  const { job: words } = useMessages();
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? job.notes ?? "";
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
          value={shown}
          onChange={({ target }) => setText(target.value)}
        />
        <SyncButton<{ notes: string }>
          endpoint={`/api/jobs/${job.id}`}
          method="PATCH"
          scope={`jobs/${job.id}`}
          concurrency="latest"
          eventTable="jobs"
          body={{ notes: shown }}
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

function Photos({ photos }: { readonly photos: Job["photos"] }) {
  const { job: words } = useMessages();
  return (
    <section className={page.section} aria-labelledby="photos">
      <div className={page.sectionHead}>
        <h2 id="photos" className={page.sectionTitle}>
          {words.photos}
        </h2>
        <span className={page.count}>{photos.length}</span>
      </div>
      {photos.length === 0 && <p className={page.nothing}>{words.noPhotos}</p>}
      <ul className={styles.photos}>
        {photos.map(({ id, url, name }) => (
          <li key={id}>
            {url === null ? (
              <span>{name}</span>
            ) : (
              <img src={url} alt={name} width={96} height={96} loading="lazy" />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export type { Check };
