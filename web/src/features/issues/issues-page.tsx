import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";

import { isManager } from "@/api/me";
import { toFailedText, type Text } from "@/api/texts";
import { useMe } from "@/data/me";
import { useSimpleList } from "@/data/use-simple-list";
import { useOfflineSync, useRow, useSyncClient } from "@/sync";
import { Button } from "@/ui/button";
import { ResendButton } from "@/ui/buttons/resend-button";
import { useClock } from "@/ui/clock";
import { useDescription } from "@/ui/describe-action";
import { momentOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { StatusPill } from "@/ui/status-pill";
import { Tabs } from "@/ui/tabs";
import page from "@/ui/page.module.css";
import { Conflicts } from "./conflicts";
import { Edits, useEdits } from "./edits";
import styles from "./issues-page.module.css";

/** What needs a person: texts that failed, disagreements with Square, presses without an answer. */
export default function IssuesPage() {
  // The texts and Square's bookings are for those who may settle them; one's own presses for everybody.
  return isManager(useMe()) ? <Managed /> : <Own />;
}

function Managed() {
  const { issues } = useMessages();
  const failed = useFailedTexts();
  const conflicts = useSimpleList("/api/conflicts", "conflicts");
  const own = useOwn();
  return (
    <Sheets
      sheets={[
        {
          key: "texts",
          label: issues.failedTexts,
          count: failed.texts.length,
          content: <FailedTexts failed={failed} />,
        },
        {
          key: "conflicts",
          label: issues.conflicts,
          count: conflicts.rows.length,
          content: <Conflicts list={conflicts} />,
        },
        ...own,
      ]}
    />
  );
}

function Own() {
  return <Sheets sheets={useOwn()} />;
}

interface Sheet {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly content: ReactNode;
}

/** What this person pressed, and what became unclear or contested. */
function useOwn(): readonly Sheet[] {
  const { issues, edits: words } = useMessages();
  const edits = useEdits();
  const { unknown } = useOfflineSync();
  return [
    { key: "edits", label: words.title, count: edits.length, content: <Edits edits={edits} /> },
    { key: "unclear", label: issues.unclear, count: unknown.length, content: <Unclear /> },
  ];
}

/** The first of which is known that it has something, until another is chosen. */
function Sheets({ sheets }: { readonly sheets: readonly Sheet[] }) {
  const { issues } = useMessages();
  const [chosen, setChosen] = useState<string | null>(null);
  const [first, setFirst] = useState<string | null>(null);
  const filled = sheets.find(({ count }) => count > 0);
  // Kept: what is read later takes no sheet away under somebody's hand.
  if (first === null && filled !== undefined) setFirst(filled.key);
  const shown = sheets.find(({ key }) => key === (chosen ?? first)) ?? sheets[0];
  return (
    <>
      <PageHeader title={issues.title} />
      <Tabs label={issues.title} chosen={shown?.key ?? ""} onChoose={setChosen} tabs={sheets}>
        {shown?.content}
      </Tabs>
    </>
  );
}

function useFailedTexts() {
  const { realtime } = useSyncClient();
  const list = useSimpleList("/api/sms/failed", "sms_messages");
  const { refresh } = list;
  useEffect(
    () =>
      realtime.subscribe("sms_logs", ({ old_record: old, record }) => {
        // One more has failed, or one is on its way again.
        if (old === null || "status" in old || record === null) refresh();
      }),
    [realtime, refresh],
  );
  return { ...list, texts: list.rows.flatMap((row) => toFailedText(row) ?? []) };
}

function FailedTexts({ failed }: { readonly failed: ReturnType<typeof useFailedTexts> }) {
  const { issues } = useMessages();
  if (failed.isLoading) return <SkeletonRows rows={4} />;
  if (failed.error !== null)
    return <ListProblem what={issues.failedTexts} error={failed.error} onRetry={failed.refresh} />;
  if (failed.texts.length === 0) return <Notice title={issues.none} text={issues.noneHint} />;
  return (
    <ul className={styles.list}>
      {failed.texts.map((text) => (
        <FailedText key={text.id} text={text} />
      ))}
    </ul>
  );
}

function FailedText({ text }: { readonly text: Text }) {
  const messages = useMessages();
  const clock = useClock();
  const row = useRow(text.personTable, text.personId)?.row;
  const name = typeof row?.name === "string" ? row.name : messages.list.unnamed;
  return (
    <li className={styles.item} data-failed-text={text.id}>
      <div className={styles.text}>
        <p className={styles.head}>
          <Link
            className={page.nameButton}
            href={`/${text.personTable}/${encodeURIComponent(text.personId)}`}
          >
            {messages.issues.to(name)}
          </Link>
          <StatusPill kind="sms" status={text.status} />
          <span className={page.muted}>{momentOf(text.at, clock)}</span>
          {text.attempt > 1 && (
            <span className={page.muted}>{messages.inbox.attempt(text.attempt)}</span>
          )}
        </p>
        <p className={styles.message}>{text.message}</p>
        {text.error !== null && (
          <p className={styles.reason}>
            {text.error.reason || text.error.code} ({text.error.code})
          </p>
        )}
      </div>
      {text.status !== "unknown" && <ResendButton smsId={text.id} context={name} />}
    </li>
  );
}

function Unclear() {
  const { issues, button, outbox } = useMessages();
  const clock = useClock();
  const { unknown, retry, dismiss } = useOfflineSync();
  const describe = useDescription();
  if (unknown.length === 0) return <Notice title={issues.none} text={button.unknownNote} />;
  return (
    <ul className={styles.list}>
      {unknown.map((item) => (
        <li key={item.key} className={styles.item}>
          <div className={styles.text}>
            <p>{describe(item)}</p>
            <p className={page.muted}>{outbox.since(momentOf(item.createdAt, clock))}</p>
          </div>
          <Button size="small" onClick={() => retry(item.key)}>
            {button.retry}
          </Button>
          <Button size="small" tone="quiet" onClick={() => dismiss(item.key)}>
            {button.discard}
          </Button>
        </li>
      ))}
    </ul>
  );
}
