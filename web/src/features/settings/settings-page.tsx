import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ApiError, bodyOf } from "@/api/errors";
import { isManager } from "@/api/me";
import { toBody, toSettings, type Settings } from "@/api/settings";
import { useMe } from "@/data/me";
import { isRecord, useSyncClient, type SyncError } from "@/sync";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import { BayFields } from "./bay-fields";
import { BusinessFields } from "./business-fields";
import { CallerFields } from "./caller-fields";
import { HoursFields } from "./hours-fields";
import { Refused } from "./refused";
import { RuleFields } from "./rule-fields";
import { ServiceFields } from "./service-fields";
import styles from "./settings-page.module.css";
import { TemplateFields } from "./template-fields";
import { TextFields } from "./text-fields";

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
        <Form key={read.data.version} settings={read.data} onReload={() => void read.refetch()} />
      )}
    </>
  );
}

interface FormProps {
  readonly settings: Settings;
  /** Saved, or somebody else has: read again. */
  readonly onReload: () => void;
}

function Form({ settings, onReload }: FormProps) {
  const messages = useMessages();
  const { settings: words, rules } = messages;
  const me = useMe();
  const mayChange = isManager(me);
  const [draft, setDraft] = useState(settings);
  const [refused, setRefused] = useState<SyncError | null>(null);
  const change = (part: Partial<Settings>): void => {
    setDraft({ ...draft, ...part });
    // Somebody else's settings stay theirs, whatever is typed here.
    if (refused?.code !== "VERSION_CONFLICT") setRefused(null);
  };
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings);
  return (
    <div className={page.body}>
      {!mayChange && <p className={page.muted}>{words.readOnly}</p>}
      <fieldset disabled={!mayChange} className={styles.all}>
        <Refused value={refused}>
          <BusinessFields settings={draft} onChange={change} />
          <HoursFields
            path="opening_hours"
            hours={draft.opening_hours}
            onChange={(opening_hours) => change({ opening_hours })}
          />
          <HoursFields
            path="breaks"
            hours={draft.breaks}
            onChange={(breaks) => change({ breaks })}
          />
          <RuleFields settings={draft} onChange={change} />
          <ServiceFields services={draft.services} onChange={(services) => change({ services })} />
          <BayFields bays={draft.resources} onChange={(resources) => change({ resources })} />
          <TextFields settings={draft} onChange={change} />
          <CallerFields settings={draft} onChange={change} />
          <TemplateFields
            templates={draft.templates}
            onChange={(templates) => change({ templates })}
          />
        </Refused>
      </fieldset>
      {mayChange && (
        <div className={styles.foot}>
          <SyncButton<Readonly<Record<string, unknown>>>
            endpoint="/api/settings"
            method="PATCH"
            scope="orgs/settings"
            eventTable=""
            body={toBody(draft, settings)}
            tone="primary"
            disabled={!isChanged}
            successMessage={words.saved}
            onSuccess={onReload}
            onError={setRefused}
          >
            {words.save}
          </SyncButton>
          {isChanged && refused === null && <span className={page.muted}>{rules.unsaved}</span>}
          {refused !== null && <Refusal error={refused} onReload={onReload} />}
        </div>
      )}
    </div>
  );
}

/** What is wrong with which field; or that somebody else was faster, with a way to what they wrote. */
function Refusal({ error, onReload }: { readonly error: SyncError } & Pick<FormProps, "onReload">) {
  const { rules } = useMessages();
  if (error.code === "VERSION_CONFLICT") {
    return (
      <span role="alert" className={styles.refusal}>
        {rules.changed}{" "}
        <Button size="small" onClick={onReload}>
          {rules.loadTheirs}
        </Button>
      </span>
    );
  }
  if (error.fields.length === 0) return null;
  return (
    <ul role="alert" className={styles.refusal}>
      {error.fields.map(({ path, message }) => (
        <li key={path}>
          {path.replaceAll("_", " ")}: {message}
        </li>
      ))}
    </ul>
  );
}
