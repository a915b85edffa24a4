import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { useLastError } from "@/ui/use-last-error";
import styles from "./app.module.css";
import { forget } from "./known";
import { chosenPerson, knownPerson, rememberPerson } from "./session";
import type { Person } from "./sign-in/people";
import { configuredSignIn, type SignIn } from "./sign-in/sign-in";
import { SignedIn } from "./signed-in";
import { ASK_AGAIN_MS } from "./use-session";

const configured = configuredSignIn();

/** Finds out who is there, and shows the dashboard to them. */
export function App({ signIn = configured }: { readonly signIn?: SignIn }) {
  const { app, button } = useMessages();
  const queries = useQueryClient();
  const people = useQuery({
    queryKey: ["people"],
    queryFn: () => signIn.people(),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.status === "error" ? ASK_AGAIN_MS : false),
  });
  const isAway = useLastError(people) !== null;
  const [chosen, choose] = useState<Person | null>(null);
  const [known] = useState(knownPerson);
  const [left, setLeft] = useState(false);
  // Who is known here sees their page at once; the people of a demo come when they come.
  const person = chosen ?? (people.data === undefined ? known : chosenPerson(people.data ?? []));
  if (left) {
    return (
      <Alone>
        <Notice
          title={app.signedOut}
          text={app.signedOutHint}
          actionLabel={app.signIn}
          onAction={() => signIn.begin()}
        />
      </Alone>
    );
  }
  if (person === undefined && people.isPending && !isAway)
    return <p className={styles.alone}>{app.loading}</p>;
  if (person === undefined) {
    const canSignIn = signIn.kind === "code" && !isAway;
    return (
      <Alone>
        <Notice
          title={isAway ? app.noServer : canSignIn ? app.name : app.noSignIn}
          text={canSignIn ? undefined : app.noSignInHint}
          actionLabel={canSignIn ? app.signIn : button.retry}
          onAction={() => (canSignIn ? signIn.begin() : void people.refetch())}
        />
      </Alone>
    );
  }
  const forgetAll = (email: string): void => {
    forget(email);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "people" });
  };
  return (
    <SignedIn
      key={person.email}
      person={person}
      people={people.data ?? [person]}
      signIn={signIn}
      onSwitch={(next) => {
        forgetAll(person.email);
        rememberPerson(next);
        choose(next);
      }}
      onLeft={() => {
        forgetAll(person.email);
        setLeft(true);
      }}
    />
  );
}

function Alone({ children }: { readonly children: React.ReactNode }) {
  return <main className={styles.alone}>{children}</main>;
}
