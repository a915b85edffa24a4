import type { Settings } from "@/api/settings";
import { useMessages } from "@/ui/messages";
import { Section } from "./section";
import { NumberSetting, SettingField } from "./setting-field";
import styles from "./settings-page.module.css";

export interface TextFieldsProps {
  readonly settings: Settings;
  readonly onChange: (part: Partial<Settings>) => void;
}

/** How many texts go out, when they may, and what they let people answer. */
export function TextFields({ settings, onChange }: TextFieldsProps) {
  const { settingFields: words } = useMessages();
  const { limits, texts } = settings;
  return (
    <Section id="texts" title={words.texts}>
      <div className={styles.fields}>
        <NumberSetting
          path="sms_budget_per_day"
          words={words.budget}
          unit={words.units.texts}
          least={0}
          most={1_000_000}
          value={settings.sms_budget_per_day}
          onChange={(sms_budget_per_day) => onChange({ sms_budget_per_day })}
        />
        <NumberSetting
          path="limits.sms_per_person"
          words={words.perPerson}
          unit={words.units.texts}
          least={1}
          most={20}
          value={limits.sms_per_person}
          onChange={(sms_per_person) => onChange({ limits: { ...limits, sms_per_person } })}
        />
        <NumberSetting
          path="limits.sms_per_person_minutes"
          words={words.perPersonMinutes}
          unit={words.units.minutes}
          least={1}
          most={1_440}
          value={limits.sms_per_person_minutes}
          onChange={(sms_per_person_minutes) =>
            onChange({ limits: { ...limits, sms_per_person_minutes } })
          }
        />
        <QuietHours settings={settings} onChange={onChange} />
        <Answers settings={settings} onChange={onChange} />
        <SettingField path="sms_help" label={words.help.label} hint={words.help.hint} wide>
          {(ids) => (
            <textarea
              {...ids}
              rows={2}
              maxLength={320}
              value={settings.sms_help}
              onChange={({ target }) => onChange({ sms_help: target.value })}
            />
          )}
        </SettingField>
        <SettingField
          path="texts.work_completed"
          label={words.workCompleted.label}
          hint={words.workCompleted.hint}
          wide
        >
          {(ids) => (
            <input
              {...ids}
              className=""
              type="checkbox"
              checked={texts.work_completed}
              onChange={({ target }) => onChange({ texts: { work_completed: target.checked } })}
            />
          )}
        </SettingField>
      </div>
    </Section>
  );
}

function QuietHours({ settings: { quiet_hours: hours }, onChange }: TextFieldsProps) {
  const { settingFields: words } = useMessages();
  return (["from", "to"] as const).map((end) => (
    <SettingField
      key={end}
      path={`quiet_hours.${end}`}
      label={words.quiet[end].label}
      hint={words.quiet[end].hint}
    >
      {(ids) => (
        <input
          {...ids}
          type="time"
          value={hours[end]}
          onChange={({ target }) => onChange({ quiet_hours: { ...hours, [end]: target.value } })}
        />
      )}
    </SettingField>
  ));
}

function Answers({ settings: { sms_answers: answers }, onChange }: TextFieldsProps) {
  const { settingFields: words } = useMessages();
  return (["confirm", "cancel"] as const).map((word) => (
    <SettingField
      key={word}
      path={word === "confirm" ? "sms_answers" : "sms_answers.cancel"}
      label={words.answers[word].label}
      hint={words.answers[word].hint}
    >
      {(ids) => (
        <input
          {...ids}
          maxLength={10}
          value={answers[word]}
          onChange={({ target }) => onChange({ sms_answers: { ...answers, [word]: target.value } })}
        />
      )}
    </SettingField>
  ));
}
