import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { bodyOf } from "@/api/errors";
import { isManager } from "@/api/me";
import { toSettings, type Settings } from "@/api/settings";
import { toBody } from "@/api/settings-body";
import { useMe } from "@/data/me";
import { isRecord, useSyncClient, type Http, type SyncError } from "@/sync";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import { BayFields } from "./bay-fields";
import { BusinessFields } from "./business-fields";
import { CALLERS, TEXTS } from "./fields";
import { HoursFields } from "./hours-fields";
import { Refused } from "./refused";
import { RuleFields } from "./rule-fields";
import { PeopleList } from "./people-list";
import { ServiceFields } from "./service-fields";
import { SettingSection } from "./setting-field";
import styles from "./settings-page.module.css";
import { TemplateFields } from "./template-fields";

/** What the business is and when it is open. Checked and stored as a whole, under the version that was read. */
export default function SettingsPage() {
  const messages = useMessages();
  const { http } = useSyncClient();
  const mayChange = isManager(useMe());
  const read = useQuery({
    queryKey: ["settings", mayChange],
    queryFn: ({ signal }) => readSettings(http, mayChange, signal),
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
        <Form
          key={read.data.settings.version}
          {...read.data}
          mayChange={mayChange}
          onReload={() => void read.refetch()}
        />
      )}
    </>
  );
}

interface Told {
  readonly settings: Settings;
  /** What holds of whatever is not set. */
  readonly defaults: Settings;
}

/** Whoever may not change them is told them, without the defaults, with who is signed in. */
async function readSettings(http: Http, mayChange: boolean, signal: AbortSignal): Promise<Told> {
  const body = await bodyOf(http.request(mayChange ? "/api/settings" : "/api/me", { signal }));
  const told = mayChange ? part(body, "settings") : part(part(body, "me"), "org");
  return { settings: toSettings(told), defaults: toSettings(part(body, "defaults")) };
}

function part(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? value[name] : undefined;
  return isRecord(found) ? found : {};
}

interface FormProps extends Told {
  readonly mayChange: boolean;
  /** Saved, or somebody else has: read again. */
  readonly onReload: () => void;
}

function Form({ settings, defaults, mayChange, onReload }: FormProps) {
  const messages = useMessages();
  const { settings: words, rules, settingFields } = messages;
  const [draft, setDraft] = useState(settings);
  const [refused, setRefused] = useState<SyncError | null>(null);
  const change = (part: Partial<Settings>): void => {
    setDraft({ ...draft, ...part });
    // Somebody else's settings stay theirs, whatever is typed here.
    if (refused?.code !== "VERSION_CONFLICT") setRefused(null);
  };
  const all = { settings: draft, defaults, onChange: change };
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
          <RuleFields {...all} />
          <ServiceFields settings={draft} onChange={change} />
          <BayFields settings={draft} onChange={change} />
          <SettingSection id="texts" title={settingFields.texts} fields={TEXTS} {...all} />
          <SettingSection id="callers" title={settingFields.callers} fields={CALLERS} {...all} />
          <TemplateFields
            templates={draft.templates}
            onChange={(templates) => change({ templates })}
          />
        </Refused>
      </fieldset>
      <PeopleList />
      {mayChange && (
        <div className={styles.foot}>
          <SyncButton<Readonly<Record<string, unknown>>>
            endpoint="/api/settings"
            method="PATCH"
            scope="orgs/settings"
            eventTable=""
            body={toBody(draft, settings, defaults)}
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
