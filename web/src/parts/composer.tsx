import { useQuery } from "@tanstack/react-query";
import { useId } from "react";

import { segmentsOf } from "@/api/segments";
import { filled, readTemplates, type Template } from "@/api/templates";
import { useSyncClient } from "@/sync";
import { SendSMSButton } from "@/ui/buttons/send-sms-button";
import { useMessages } from "@/ui/messages";
import styles from "./composer.module.css";
import { useDraft } from "./use-draft";
import type { PersonRef } from "@/api/threads";

/** What one text to a contact, and to a lead, may be. */
const MOST = { contacts: 160, leads: 1_600 } as const;

export interface ComposerProps {
  readonly person: PersonRef;
  readonly name: string;
}

/** Writes a text to somebody: freely, or from a template whose gaps are all filled. */
export function Composer({ person, name }: ComposerProps) {
  const { inbox } = useMessages();
  const { http } = useSyncClient();
  const id = useId();
  const { draft, change, clear } = useDraft(`${person.table}/${person.id}`);
  const templates = useQuery({
    queryKey: ["templates"],
    queryFn: ({ signal }) => readTemplates(http, signal),
    enabled: person.table === "leads",
    staleTime: 300_000,
  });
  const template = templates.data?.find((each) => each.id === draft.templateId);
  const known = { name, firstName: name.split(" ")[0] ?? "" };
  const preview =
    template === undefined ? null : filled(template, { ...UNSEEN, ...known, ...draft.variables });
  const text = preview?.text ?? draft.text;
  const { characters, segments, special } = segmentsOf(text);
  const missing = preview?.missing ?? [];
  const isReady = text.trim() !== "" && characters <= MOST[person.table] && missing.length === 0;
  return (
    <div className={styles.composer}>
      {(templates.data?.length ?? 0) > 0 && (
        <label className={styles.template}>
          <span>{inbox.template}</span>
          <select
            className={styles.select}
            value={draft.templateId}
            onChange={({ target }) => change({ ...draft, templateId: target.value })}
          >
            <option value="">{inbox.noTemplate}</option>
            {templates.data?.map((each) => (
              <option key={each.id} value={each.id}>
                {each.id.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </label>
      )}
      {template !== undefined && (
        <Gaps
          template={template}
          values={draft.variables}
          known={known}
          onChange={(variables) => change({ ...draft, variables })}
        />
      )}
      <textarea
        id={`${id}-text`}
        className={styles.text}
        aria-label={inbox.write(name)}
        aria-describedby={`${id}-count`}
        placeholder={inbox.placeholder}
        rows={3}
        readOnly={template !== undefined}
        value={text}
        onChange={({ target }) => change({ ...draft, text: target.value })}
      />
      <div className={styles.foot}>
        <p id={`${id}-count`} className={styles.count} data-over={characters > MOST[person.table]}>
          {inbox.segments(characters, segments)}
          {missing.length > 0 && ` · ${inbox.missing(missing.join(", "))}`}
          {special !== null && <span className={styles.special}>{inbox.special(special)}</span>}
        </p>
        <SendSMSButton
          {...(person.table === "leads" ? { leadId: person.id } : { contactId: person.id })}
          message={text}
          templateId={template?.id}
          variables={draft.variables}
          variant="with-progress"
          tone="primary"
          context={name}
          disabled={!isReady}
          onPress={clear}
        />
      </div>
    </div>
  );
}

interface GapsProps {
  readonly template: Template;
  readonly values: Readonly<Record<string, string>>;
  readonly known: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}

/** What the backend fills of the business, and the screen does not know. */
const UNSEEN = { business: "…", place: "…", confirmWord: "…", cancelWord: "…" };

/** What fills itself: the person's name, and the business. */
const GIVEN = new Set(["name", "firstName", ...Object.keys(UNSEEN)]);

function Gaps({ template, values, onChange }: GapsProps) {
  const asked = template.variables.filter((name) => !GIVEN.has(name));
  if (asked.length === 0) return null;
  return (
    <div className={styles.gaps}>
      {asked.map((name) => (
        <label key={name} className={styles.gap}>
          <span>{wordsOf(name)}</span>
          <input
            className={styles.select}
            value={values[name] ?? ""}
            onChange={({ target }) => onChange({ ...values, [name]: target.value })}
          />
        </label>
      ))}
    </div>
  );
}

/** appointmentDate is "appointment date". */
function wordsOf(name: string): string {
  return name
    .replace(/([A-Z])/g, " $1")
    .replaceAll("_", " ")
    .toLowerCase();
}
