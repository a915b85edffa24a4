import type { Contact, Lead } from "@/api/persons";
import { useMe } from "@/data/me";
import { EditPersonButton } from "@/parts/edit-person";
import { useClock } from "@/ui/clock";
import { dateOf, moneyOf, phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import styles from "./facts.module.css";

/** What is known about somebody. */
export function Facts({ person }: { readonly person: Lead | Contact }) {
  const messages = useMessages();
  const clock = useClock();
  const { org } = useMe();
  const facts: (readonly [string, string | null])[] = [
    [messages.leads.phone, person.phone === null ? null : phoneOf(person.phone)],
    [messages.person.email, person.email],
    [messages.leads.source, person.source],
    ...("status" in person
      ? ([
          [messages.leads.interest, person.service_interest],
          [
            messages.leads.value,
            person.value_cents === null
              ? null
              : moneyOf(person.value_cents, messages.locale, org.currency),
          ],
        ] as const)
      : []),
    [messages.person.notes, person.notes],
  ];
  return (
    <div className={styles.facts}>
      <dl className={styles.list}>
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <EditPersonButton table={"status" in person ? "leads" : "contacts"} person={person} />
      {person.created_at !== null && (
        <p className={styles.since}>{messages.person.since(dateOf(person.created_at, clock))}</p>
      )}
    </div>
  );
}
