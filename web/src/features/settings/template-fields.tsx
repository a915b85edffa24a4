import { X } from "lucide-react";

import { segmentsOf } from "@/api/segments";
import type { TemplateSetting } from "@/api/settings";
import { Button } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";
import { newId, Section } from "./section";
import { Wrong } from "./setting-field";
import styles from "./settings-page.module.css";

export interface TemplateFieldsProps {
  readonly templates: readonly TemplateSetting[];
  readonly onChange: (templates: readonly TemplateSetting[]) => void;
}

/** The texts of the business: each with its gaps, and how many texts it becomes. */
export function TemplateFields({ templates, onChange }: TemplateFieldsProps) {
  const { settings, rules } = useMessages();
  const taken = templates.map(({ id }) => id);
  const add = (): void => onChange([...templates, { id: newId("template_", taken), text: "" }]);
  const set = (at: number, template: TemplateSetting | null): void =>
    onChange(templates.flatMap((each, index) => (index === at ? (template ?? []) : each)));
  return (
    <Section
      id="templates"
      title={settings.templates}
      add={{ label: rules.addTemplate, onAdd: add }}
    >
      <p className={page.nothing}>{rules.gaps}</p>
      <ul>
        {templates.map((template, index) => (
          // Its id is being written: only its place stays.
          <Template key={index} template={template} onChange={(next) => set(index, next)} />
        ))}
      </ul>
    </Section>
  );
}

/** The one question that a text can leave open. */
const ASKS = "confirm_appointment";

interface TemplateProps {
  readonly template: TemplateSetting;
  /** Null: it goes. */
  readonly onChange: (template: TemplateSetting | null) => void;
}

function Template({ template, onChange }: TemplateProps) {
  const { rules, form, inbox } = useMessages();
  const { characters, segments } = segmentsOf(template.text);
  return (
    <li className={styles.template}>
      <div className={styles.inline}>
        <input
          className={page.input}
          aria-label={rules.templateId}
          maxLength={200}
          value={template.id}
          onChange={({ target }) =>
            onChange({ ...template, id: target.value.trim().replaceAll(" ", "_") })
          }
        />
        <select
          className={page.input}
          aria-label={rules.category}
          value={template.category ?? "marketing"}
          onChange={({ target }) => onChange({ ...template, category: target.value })}
        >
          <option value="marketing">{rules.marketing}</option>
          <option value="transactional">{rules.transactional}</option>
        </select>
        <Button
          size="icon"
          tone="quiet"
          aria-label={`${form.remove} ${template.id}`}
          onClick={() => onChange(null)}
        >
          <X size={14} aria-hidden="true" />
        </Button>
      </div>
      <textarea
        className={page.input}
        aria-label={`${template.id}, ${rules.templateText}`}
        rows={2}
        maxLength={1600}
        value={template.text}
        onChange={({ target }) => onChange({ ...template, text: target.value })}
      />
      <p className={page.muted}>{inbox.segments(characters, segments)}</p>
      <label className={styles.inline}>
        <input
          type="checkbox"
          checked={template.asks === ASKS}
          onChange={({ target }) => onChange({ ...template, asks: target.checked ? ASKS : null })}
        />
        {rules.asks}
      </label>
      <Wrong at={`templates.${template.id}`} />
    </li>
  );
}
