import { useMe } from "@/data/me";
import { instantOf, minutesOf } from "@/data/wall-time";
import { Field } from "@/ui/field";
import { useMessages } from "@/ui/messages";
import page from "@/ui/page.module.css";

/** A time by the clock on the wall, and where. `time` is 09:30; an empty bay is any. */
export interface SlotDraft {
  readonly day: string;
  readonly time: string;
  readonly resource: string;
}

/** The instant of a slot; null while it is not whole. */
export function startOfSlot({ day, time }: SlotDraft, timeZone: string): Date | null {
  const minutes = minutesOf(time);
  if (minutes === null || !/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  const start = instantOf(day, minutes, timeZone);
  return Number.isNaN(start.getTime()) ? null : start;
}

export interface SlotFieldsProps {
  readonly slot: SlotDraft;
  readonly onChange: (slot: SlotDraft) => void;
}

/** Day, time and bay. */
export function SlotFields({ slot, onChange }: SlotFieldsProps) {
  const { calendar, book } = useMessages();
  const { resources } = useMe().org;
  return (
    <>
      <Field label={calendar.date}>
        {(ids) => (
          <input
            {...ids}
            className={page.input}
            type="date"
            value={slot.day}
            onChange={({ target }) => onChange({ ...slot, day: target.value })}
          />
        )}
      </Field>
      <Field label={calendar.time}>
        {(ids) => (
          <input
            {...ids}
            className={page.input}
            type="time"
            step={900}
            value={slot.time}
            onChange={({ target }) => onChange({ ...slot, time: target.value })}
          />
        )}
      </Field>
      {resources.length > 0 && (
        <Field label={book.bay} wide>
          {(ids) => (
            <select
              {...ids}
              className={page.input}
              value={slot.resource}
              onChange={({ target }) => onChange({ ...slot, resource: target.value })}
            >
              <option value="">{book.anyBay}</option>
              {resources.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}
