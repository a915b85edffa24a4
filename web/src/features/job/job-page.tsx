import { toJob, type Job } from "@/api/jobs";
import { dayAt } from "@/data/days";
import { useOne } from "@/data/use-one";
import { actorName } from "@/ui/actor";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { momentOf, phoneOf, timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import page from "@/ui/page.module.css";
import { Checklist } from "./checklist";
import styles from "./job-page.module.css";
import { Notes } from "./notes";
import { Photos } from "./photos";
import { Stepper } from "./stepper";

/** The work behind one Square booking: steps, checklists, notes, photos, history. */
export default function JobPage({ id }: { readonly id: string }) {
  const messages = useMessages();
  const { view, isLoading, isGone, error, refresh } = useOne("jobs", "job", id);
  const job = view === undefined ? null : toJob(view.row);
  return (
    <>
      <PageHeader
        title={messages.job.title}
        subtitle={job === null ? undefined : (job.customerCached?.name ?? messages.list.unnamed)}
      />
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
  const { job: words } = useMessages();
  return (
    <div className={page.body} data-job-id={job.id} data-status={job.workStatus}>
      <Stepper job={job} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <Checklist job={job} part="tech" title={words.tech} checks={job.checklist.tech} />
          <Checklist job={job} part="qc" title={words.qc} checks={job.checklist.qc} />
          <Notes job={job} />
          <Photos job={job} />
        </div>
        <div className={styles.side}>
          <FromSquare job={job} />
          <History job={job} />
        </div>
      </div>
    </div>
  );
}

/** What only Square changes. */
function FromSquare({ job }: { readonly job: Job }) {
  const { job: words, person } = useMessages();
  const clock = useClock();
  const { customerCached: customer } = job;
  const { year, make, model, color, plate } = job.vehicleInfo;
  const car = [year, make, model].filter((part) => part !== undefined).join(" ");
  const vehicle = [car, color, plate]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
  const isOneDay =
    dayAt(Date.parse(job.start), clock.timeZone) === dayAt(Date.parse(job.end), clock.timeZone);
  const facts: (readonly [string, string | null])[] = [
    [
      words.time,
      `${momentOf(job.start, clock)} – ${isOneDay ? timeOf(job.end, clock) : momentOf(job.end, clock)}`,
    ],
    [words.service, job.serviceType],
    [person.contact, customer?.name ?? null],
    [words.phone, customer?.phone == null ? null : phoneOf(customer.phone)],
    [words.place, job.address],
    [words.customerNote, job.customer_note],
    [words.vehicle, vehicle === "" ? null : vehicle],
    [words.booking, job.booking_status?.replaceAll("_", " ").toLowerCase() ?? null],
  ];
  return (
    <section className={page.section} aria-labelledby="square">
      <div className={page.sectionHead}>
        <h2 id="square" className={page.sectionTitle}>
          {words.square}
        </h2>
        <Flash table="jobs" id={job.id} />
      </div>
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value === null || value === "" ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className={page.nothing}>
        {words.squareHint} {words.created[job.createdBy ?? ""]}
      </p>
    </section>
  );
}

/** Who moved it from step to step, the latest first. */
function History({ job }: { readonly job: Job }) {
  const messages = useMessages();
  const clock = useClock();
  return (
    <section className={page.section} aria-labelledby="history">
      <div className={page.sectionHead}>
        <h2 id="history" className={page.sectionTitle}>
          {messages.job.history}
        </h2>
      </div>
      {job.statusHistory.length === 0 && (
        <p className={page.nothing}>{messages.person.noActivity}</p>
      )}
      <ol className={styles.history}>
        {[...job.statusHistory].reverse().map(({ to, at, by }) => (
          <li key={`${to}${at}`}>
            <StatusPill kind="job" status={to} />
            <span className={page.muted}>
              {momentOf(at, clock)} · {actorName(messages, by)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
