import { useQuery, useQueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/errors";
import type { Person } from "@/api/people";
import { TodayPage } from "@/features/today/today-page";
import { stopSync, SyncProvider } from "@/sync";
import { LiveRegion } from "@/ui/live-region";
import { messages, sentenceOf } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { OfflineIndicator } from "@/ui/offline-indicator";
import styles from "./app.module.css";
import { openSession, rememberPerson } from "./session";
import { TopBar } from "./top-bar";

export interface SignedInProps {
  readonly person: Person;
  readonly people: readonly Person[];
  readonly onSwitch: (person: Person) => void;
}

/** The dashboard of one person. */
export function SignedIn({ person, people, onSwitch }: SignedInProps) {
  const queries = useQueryClient();
  const session = useQuery({
    queryKey: ["session", person.email],
    queryFn: () => openSession(person),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // It holds objects with a life of their own.
    structuralSharing: false,
  });
  const leave = async (next: Person): Promise<void> => {
    await stopSync({ wipe: true });
    rememberPerson(next);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "people" });
    onSwitch(next);
  };
  if (session.isPending) return <p className={styles.alone}>{messages.app.loading}</p>;
  if (session.isError) {
    const reason =
      session.error instanceof ApiError ? sentenceOf(session.error.reason) : messages.someError;
    return (
      <main className={styles.alone}>
        <Notice
          role="alert"
          title={messages.app.noSession}
          text={reason}
          actionLabel={messages.today.retry}
          onAction={() => void session.refetch()}
        />
      </main>
    );
  }
  const { me, client } = session.data;
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
