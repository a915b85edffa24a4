import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { readPeople, type Person } from "@/api/people";
import { messages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { useLastError } from "@/ui/use-last-error";
import styles from "./app.module.css";
import { chosenPerson, knownPerson } from "./session";
import { SignedIn } from "./signed-in";
import { ASK_AGAIN_MS } from "./use-session";

/** Finds out who is there, and shows the dashboard to them. */
export function App() {
  const people = useQuery({
    queryKey: ["people"],
    queryFn: readPeople,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.status === "error" ? ASK_AGAIN_MS : false),
  });
  const isAway = useLastError(people) !== null;
  const [chosen, choose] = useState<Person | null>(null);
  const [known] = useState(knownPerson);
  const person = chosen ?? (isAway ? known : chosenPerson(people.data ?? []));
  if (people.isPending && !isAway) return <p className={styles.alone}>{messages.app.loading}</p>;
  if (person === undefined) {
    return (
      <main className={styles.alone}>
        <Notice
          title={isAway ? messages.app.noServer : messages.app.noSignIn}
          text={messages.app.noSignInHint}
          actionLabel={messages.today.retry}
          onAction={() => void people.refetch()}
        />
      </main>
    );
  }
  return (
    <SignedIn
      key={person.email}
      person={person}
      people={people.data ?? [person]}
      onSwitch={choose}
    />
  );
}
