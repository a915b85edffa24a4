import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { readPeople, type Person } from "@/api/people";
import { messages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import styles from "./app.module.css";
import { chosenPerson } from "./session";
import { SignedIn } from "./signed-in";

/** Finds out who is there, and shows the dashboard to them. */
export function App() {
  const people = useQuery({
    queryKey: ["people"],
    queryFn: readPeople,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [chosen, choose] = useState<Person | null>(null);
  const person = chosen ?? chosenPerson(people.data ?? []);
  if (people.isPending) return <p className={styles.alone}>{messages.app.loading}</p>;
  if (person === undefined) {
    const text = people.isError ? messages.app.noServer : messages.app.noSignIn;
    return (
      <main className={styles.alone}>
        <Notice
          title={text}
          text={messages.app.noSignInHint}
          actionLabel={messages.today.retry}
          onAction={() => void people.refetch()}
        />
      </main>
    );
  }
  return (
    <SignedIn key={person.email} person={person} people={people.data ?? []} onSwitch={choose} />
  );
}
