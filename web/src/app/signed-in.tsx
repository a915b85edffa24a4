import { useQueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/errors";
import type { Person } from "@/api/people";
import { TodayPage } from "@/features/today/today-page";
import { stopSync, SyncProvider } from "@/sync";
import { LiveRegion } from "@/ui/live-region";
import { messages, sentenceOf } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { OfflineIndicator } from "@/ui/offline-indicator";
import styles from "./app.module.css";
import { forget } from "./known";
import { rememberPerson } from "./session";
import { TopBar } from "./top-bar";
import { useSession } from "./use-session";

export interface SignedInProps {
  readonly person: Person;
  readonly people: readonly Person[];
  readonly onSwitch: (person: Person) => void;
}

/** The dashboard of one person. */
export function SignedIn({ person, people, onSwitch }: SignedInProps) {
  const queries = useQueryClient();
  const { me, client, error, retry } = useSession(person);
  const leave = async (next: Person): Promise<void> => {
    await stopSync({ wipe: true });
    forget(person.email);
    rememberPerson(next);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "people" });
    onSwitch(next);
  };
  if (me === undefined || client === undefined) {
    if (error === null) return <p className={styles.alone}>{messages.app.loading}</p>;
    return (
      <main className={styles.alone}>
        <Notice
          role="alert"
          title={messages.app.noSession}
          text={error instanceof ApiError ? sentenceOf(error.reason) : messages.someError}
          actionLabel={messages.today.retry}
          onAction={retry}
        />
      </main>
    );
  }
  return (
    <SyncProvider value={client}>
      <a href="#main" className={styles.skip}>
        {messages.app.skip}
      </a>
      <TopBar
        orgName={me.org.name}
        person={person}
        people={people}
        onSwitch={(next) => void leave(next)}
      />
      <main id="main" tabIndex={-1} className={styles.main}>
        <TodayPage timeZone={me.org.timeZone} />
        <OfflineIndicator />
      </main>
      <LiveRegion />
    </SyncProvider>
  );
}
