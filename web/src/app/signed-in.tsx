import { useEffect, useState } from "react";

import { stopSync, SyncProvider } from "@/sync";
import { ZoneProvider } from "@/ui/clock";
import { LiveRegion } from "@/ui/live-region";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { reasonOf } from "@/ui/problem";
import { ColleaguesProvider } from "@/data/colleagues";
import { MeProvider } from "@/data/me";
import styles from "./app.module.css";
import { colleaguesOf } from "./colleagues";
import { LeaveDialog } from "./leave-dialog";
import { Shell } from "./shell/shell";
import type { Person } from "./sign-in/people";
import type { SignIn } from "./sign-in/sign-in";
import { useSession } from "./use-session";
import { WhoProvider } from "./who";

export interface SignedInProps {
  readonly person: Person;
  readonly people: readonly Person[];
  readonly signIn: SignIn;
  readonly onSwitch: (person: Person) => void;
  /** Nobody is signed in any more. */
  readonly onLeft: () => void;
}

/** The dashboard of one person. */
export function SignedIn({ person, people, signIn, onSwitch, onLeft }: SignedInProps) {
  const messages = useMessages();
  const { me, client, error, retry } = useSession(person, signIn);
  /** Whom to make room for, once they know what they lose; null in place of a person: nobody. */
  const [leavingFor, setLeavingFor] = useState<{ readonly next: Person | null } | null>(null);
  useEffect(() => client?.signedOut.on(onLeft), [client, onLeft]);
  const leave = async (next: Person | null): Promise<void> => {
    await stopSync({ wipe: true });
    if (next !== null) {
      onSwitch(next);
      return;
    }
    onLeft();
    signIn.end();
  };
  if (me === undefined || client === undefined) {
    if (error === null) return <p className={styles.alone}>{messages.app.loading}</p>;
    return (
      <main className={styles.alone}>
        <Notice
          role="alert"
          title={messages.app.noSession}
          text={reasonOf(messages, error)}
          actionLabel={messages.button.retry}
          onAction={retry}
        />
      </main>
    );
  }
  const depart = (next: Person | null): void => {
    const unsent = client.outbox.snapshot.items.filter(({ state }) => state !== "rejected");
    if (unsent.length > 0) setLeavingFor({ next });
    else void leave(next);
  };
  return (
    <SyncProvider value={client}>
      <ZoneProvider timeZone={me.org.timeZone}>
        <MeProvider value={me}>
          <WhoProvider
            value={{ me, person, people, signIn, switchTo: depart, signOut: () => depart(null) }}
          >
            <ColleaguesProvider value={colleaguesOf(me, person, people)}>
              <Shell />
            </ColleaguesProvider>
            {leavingFor !== null && (
              <LeaveDialog
                onLeave={() => void leave(leavingFor.next)}
                onClose={() => setLeavingFor(null)}
              />
            )}
          </WhoProvider>
        </MeProvider>
      </ZoneProvider>
      <LiveRegion />
    </SyncProvider>
  );
}
