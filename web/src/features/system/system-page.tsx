import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import * as v from "valibot";

import { bodyOf } from "@/api/errors";
import { isRecord, setSyncDebug, isSyncDebug, useOfflineSync, useSyncClient } from "@/sync";
import { useClock } from "@/ui/clock";
import { useDescription } from "@/ui/describe-action";
import { timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import page from "@/ui/page.module.css";
import { Delivery } from "./delivery";
import styles from "./system-page.module.css";

const breaker = v.object({
  name: v.string(),
  state: v.picklist(["closed", "open", "half_open"]),
  failures: v.fallback(v.number(), 0),
  retry_at: v.fallback(v.nullable(v.string()), null),
});

const EVERY_MS = 15_000;
const LOOK_MS = 500;

/** How the machinery is: what is called, what waits, what is listened to. */
export default function SystemPage() {
  const { system } = useMessages();
  return (
    <>
      <PageHeader title={system.title} />
      <div className={page.body}>
        <Breakers />
        <Delivery />
        <Queue />
        <Subscriptions />
        <Debug />
      </div>
    </>
  );
}

function Breakers() {
  const { system } = useMessages();
  const clock = useClock();
  const { http } = useSyncClient();
  const read = useQuery({
    queryKey: ["breakers"],
    queryFn: async ({ signal }) => {
      const body = await bodyOf(http.request("/api/system/breakers", { signal }));
      const list: readonly unknown[] =
        isRecord(body) && Array.isArray(body.breakers) ? body.breakers : [];
      return list.flatMap((each) => {
        const result = v.safeParse(breaker, each);
        return result.success ? [result.output] : [];
      });
    },
    refetchInterval: EVERY_MS,
  });
  return (
    <section className={page.section} aria-labelledby="breakers">
      <div className={page.sectionHead}>
        <h2 id="breakers" className={page.sectionTitle}>
          {system.breakers}
        </h2>
      </div>
      {read.error !== null && (
        <ListProblem
          what={system.breakers}
          error={read.error}
          onRetry={() => void read.refetch()}
        />
      )}
      {read.data?.map(({ name, state, failures, retry_at: retryAt }) => (
        <div key={name} className={styles.line} data-breaker={name} data-state={state}>
          <span className={styles.light} data-state={state} aria-hidden="true" />
          <span className={styles.name}>{system.vendors[name] ?? name}</span>
          <strong className={styles.state}>{system[state]}</strong>
          <span className={page.muted}>
            {system.failures(failures)}
            {retryAt !== null && ` · ${system.retryAt(timeOf(retryAt, clock))}`}
          </span>
        </div>
      ))}
    </section>
  );
}

function Queue() {
  const { system, outbox } = useMessages();
  const clock = useClock();
  const { queued, unknown, rejected, durable } = useOfflineSync();
  const describe = useDescription();
  const items = [...queued, ...unknown, ...rejected];
  return (
    <section className={page.section} aria-labelledby="queue">
      <div className={page.sectionHead}>
        <h2 id="queue" className={page.sectionTitle}>
          {system.queue}
        </h2>
        <span className={page.count} data-testid="queue-depth">
          {items.length}
        </span>
        <span className={`${page.muted ?? ""} ${page.push ?? ""}`}>
          {durable ? system.durable : system.notDurable}
        </span>
      </div>
      {items.length === 0 && <p className={page.nothing}>{outbox.empty}</p>}
      {items.map((item) => (
        <div key={item.key} className={styles.line}>
          <span className={styles.name}>{describe(item)}</span>
          <span className={styles.state}>{item.state}</span>
          <span className={page.muted}>
            {item.priority} · {outbox.since(timeOf(item.createdAt, clock))}
          </span>
        </div>
      ))}
    </section>
  );
}

function Subscriptions() {
  const { system } = useMessages();
  const { realtime } = useSyncClient();
  const [subscriptions, setSubscriptions] = useState(() => realtime.getSubscriptions());
  // What is subscribed has no event of its own: looked at now and then.
  useEffect(() => {
    const timer = setInterval(() => setSubscriptions(realtime.getSubscriptions()), LOOK_MS);
    return () => clearInterval(timer);
  }, [realtime]);
  return (
    <section className={page.section} aria-labelledby="subscriptions">
      <div className={page.sectionHead}>
        <h2 id="subscriptions" className={page.sectionTitle}>
          {system.subscriptions}
        </h2>
      </div>
      {subscriptions.length === 0 && <p className={page.nothing}>{system.noSubscriptions}</p>}
      {subscriptions.map(({ table, listeners, active }) => (
        <div key={table} className={styles.line}>
          <span
            className={styles.light}
            data-state={active ? "closed" : "half_open"}
            aria-hidden="true"
          />
          <span className={styles.name}>{table}</span>
          <span className={styles.state}>{active ? system.active : system.inactive}</span>
          <span className={page.muted}>{system.listeners(listeners)}</span>
        </div>
      ))}
    </section>
  );
}

function Debug() {
  const { system } = useMessages();
  const [on, setOn] = useState(isSyncDebug);
  return (
    <label className={styles.debug}>
      <input
        type="checkbox"
        checked={on}
        onChange={({ target }) => {
          setSyncDebug(target.checked);
          setOn(target.checked);
        }}
      />
      {system.debug}
    </label>
  );
}
