import { useLayoutEffect, useRef } from "react";

import type { Text } from "@/api/texts";
import { dayAt } from "@/data/days";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { momentOf, shortDayOf, timeOf } from "@/ui/format";
import type { PersonRef } from "@/api/threads";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import { ResendButton } from "@/ui/buttons/resend-button";
import styles from "./thread.module.css";
import { useThread } from "./use-thread";

export interface ThreadProps {
  readonly person: PersonRef;
  readonly canResend: boolean;
}

/** The texts with somebody, oldest above. Stays at its lower end while new ones come. */
export function Thread({ person, canResend }: ThreadProps) {
  const messages = useMessages();
  const clock = useClock();
  const thread = useThread(person);
  const { texts } = thread;
  const box = useRef<HTMLDivElement>(null);
  const last = texts.at(-1)?.id;
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [last]);
  if (thread.isLoading) return <SkeletonRows rows={4} />;
  if (thread.error !== null && texts.length === 0)
    return (
      <ListProblem what={messages.person.texts} error={thread.error} onRetry={thread.refresh} />
    );
  if (texts.length === 0) return <Notice title={messages.inbox.noTexts} />;
  return (
    <div
      ref={box}
      className={styles.thread}
      role="log"
      aria-label={messages.person.texts}
      // Without a place in the order of focus the keyboard could not scroll it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {thread.hasOlder && (
        <Button size="small" className={styles.older ?? ""} onClick={thread.readOlder}>
          {messages.inbox.older}
        </Button>
      )}
      {texts.map((text, index) => {
        const day = dayAt(Date.parse(text.at), clock.timeZone);
        const before = texts[index - 1];
        const isNewDay =
          before === undefined || dayAt(Date.parse(before.at), clock.timeZone) !== day;
        return (
          <div key={text.id} className={styles.slot}>
            {isNewDay && <p className={styles.day}>{shortDayOf(text.at, clock)}</p>}
            <Bubble text={text} canResend={canResend} />
          </div>
        );
      })}
    </div>
  );
}

const FAILED = new Set(["failed", "undelivered", "unknown"]);

function Bubble({ text, canResend }: { readonly text: Text; readonly canResend: boolean }) {
  const messages = useMessages();
  const clock = useClock();
  const isFailed = FAILED.has(text.status);
  const isHeld = text.heldUntil !== null && text.status === "pending";
  return (
    <div
      className={styles.bubble}
      data-out={text.isOut}
      data-status={text.status}
      data-text-id={text.id}
    >
      <p className={styles.message}>{text.message}</p>
      <p className={styles.meta}>
        <time dateTime={text.at}>{timeOf(text.at, clock)}</time>
        {text.isOut && <StatusPill kind="sms" status={text.status} />}
        {text.attempt > 1 && <span>{messages.inbox.attempt(text.attempt)}</span>}
      </p>
      {isHeld && (
        <p className={styles.meta}>{messages.inbox.heldUntil(momentOf(text.heldUntil, clock))}</p>
      )}
      {isFailed && text.error !== null && (
        <p className={styles.reason}>
          {text.error.reason || text.error.code} ({text.error.code})
        </p>
      )}
      {isFailed && canResend && text.status !== "unknown" && (
        <ResendButton smsId={text.id} size="small" />
      )}
    </div>
  );
}
