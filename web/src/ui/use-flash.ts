import { useEffect, useState } from "react";

import { useRowSync, type Actor, type ChangeEvent } from "@/sync";
import { actorName } from "./actor";
import { announce } from "./live-region";
import { useMessages, type Messages } from "./messages";
import { wordOf, type StatusKind } from "./status-pill";

const SHOWN_MS = 6_000;

const KINDS: Readonly<Record<string, StatusKind | undefined>> = {
  appointments: "appointment",
  contacts: "lead",
  leads: "lead",
  jobs: "job",
};

/** Who has just changed a row, if it was somebody else; null again after some seconds. A change of its status is said aloud. */
export function useFlash(table: string, id: string): string | null {
  const messages = useMessages();
  const { change, changed, updatedBy, isOwn } = useRowSync(table, id);
  const [over, setOver] = useState<typeof change>(null);
  useEffect(() => {
    if (change === null) return;
    const timer = setTimeout(() => setOver(change), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [change]);
  const isNews = change !== null && !isOwn && change !== over && changed.length > 0;
  const text = isNews ? sentence(messages, change.type, updatedBy) : null;
  const state = changed.find((field) => field === "status" || field === "lead_status");
  const spoken =
    text !== null && state !== undefined && change?.record != null
      ? news(messages, text, KINDS[table], change.record, state)
      : null;
  useEffect(() => {
    if (spoken !== null) announce(spoken);
  }, [change, spoken]);
  return text;
}

function sentence(messages: Messages, type: ChangeEvent["type"], by: Actor | null): string {
  const { flash } = messages;
  const name = actorName(messages, by);
  const who = name === messages.actors.automatic ? null : name;
  if (type === "INSERT") return who === null ? flash.addedAutomatically : flash.addedBy(who);
  return who === null ? flash.updatedAutomatically : flash.updatedBy(who);
}

function news(
  messages: Messages,
  who: string,
  kind: StatusKind | undefined,
  row: Readonly<Record<string, unknown>>,
  field: string,
): string {
  const name = row.contact_name ?? row.name;
  const status = row[field];
  if (typeof status !== "string" || kind === undefined) return who;
  const called = typeof name === "string" && name !== "" ? name : messages.list.unnamed;
  return messages.flash.news(who, called, wordOf(messages, kind, status));
}
