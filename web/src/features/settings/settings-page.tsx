import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ApiError, bodyOf } from "@/api/errors";
import { isManager } from "@/api/me";
import { toSettings, type Settings } from "@/api/settings";
import { useMe } from "@/data/me";
import { isRecord, useSyncClient } from "@/sync";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import { HoursFields } from "./hours-fields";
import { ServiceFields } from "./service-fields";
import styles from "./settings-page.module.css";

/** What the business is and when it is open. Checked and stored as a whole, under the version that was read. */
export default function SettingsPage() {
  const messages = useMessages();
  const { http } = useSyncClient();
  const read = useQuery({
    queryKey: ["settings"],
    queryFn: async ({ signal }) => {
      try {
        const body = await bodyOf(http.request("/api/settings", { signal }));
        return toSettings(isRecord(body) && isRecord(body.settings) ? body.settings : {});
      } catch (error) {
        if (!(error instanceof ApiError) || error.reason.status !== 404) throw error;
        // A server that cannot change them still tells them, with who is signed in.
        const body = await bodyOf(http.request("/api/me", { signal }));
        const me = isRecord(body) && isRecord(body.me) ? body.me : {};
        return toSettings(isRecord(me.org) ? me.org : {});
      }
    },
  });
  return (
    <>
      <PageHeader title={messages.settings.title} />
      {read.isPending && <SkeletonRows rows={8} />}
      {read.error !== null && (
        <ListProblem
          what={messages.settings.title}
          error={read.error}
          onRetry={() => void read.refetch()}
        />
      )}
      {read.data !== undefined && (
        <Form key={read.data.version} settings={read.data} onSaved={() => void read.refetch()} />
      )}
    </>
  );
}

function Form({
  settings,
  onSaved,
}: {
  readonly settings: Settings;
  readonly onSaved: () => void;
}) {
  const { settings: words } = useMessages();
  const me = useMe();
  const mayChange = isManager(me);
  const [draft, setDraft] = useState(settings);
  const change = (part: Partial<Settings>): void => setDraft({ ...draft, ...part });
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings);
  const { version: expectedVersion, ...fields } = draft;
  return (
    <div className={page.body}>
      {!mayChange && <p className={page.muted}>{words.readOnly}</p>}
      <fieldset disabled={!mayChange} className={styles.all}>
        <section className={page.section} aria-labelledby="business">
          <div className={page.sectionHead}>
            <h2 id="business" className={page.sectionTitle}>
              {words.business}
            </h2>
          </div>
          <div className={styles.fields}>
            <label className={page.field}>
              {words.name}
              <input
                className={page.input}
                value={draft.name}
                onChange={({ target }) => change({ name: target.value })}
              />
            </label>
            <label className={page.field}>
              {words.zone}
              <ZoneSelect value={draft.time_zone} onChange={(time_zone) => change({ time_zone })} />
            </label>
            <label className={`${page.field ?? ""} ${styles.whole ?? ""}`}>
              {words.address}
              <input
                className={page.input}
                value={draft.address}
                onChange={({ target }) => change({ address: target.value })}
              />
            </label>
          </div>
        </section>
        <HoursFields
          hours={draft.opening_hours}
          onChange={(opening_hours) => change({ opening_hours })}
        />
        <ServiceFields services={draft.services} onChange={(services) => change({ services })} />
      </fieldset>
      {mayChange && (
        <div className={styles.foot}>
          <SyncButton<unknown>
            endpoint="/api/settings"
            method="PATCH"
            scope="orgs/settings"
            eventTable=""
            body={{ ...fields, expectedVersion }}
            tone="primary"
            disabled={!isChanged}
            successMessage={words.saved}
            onSuccess={onSaved}
          >
            {words.save}
          </SyncButton>
        </div>
      )}
    </div>
  );
}

function ZoneSelect({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (zone: string) => void;
}) {
  const zones = "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];
  return (
    <select className={page.input} value={value} onChange={({ target }) => onChange(target.value)}>
      {(zones.includes(value) ? zones : [value, ...zones]).map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}
