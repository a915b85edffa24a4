import { useCallback, useEffect, useMemo, useState } from "react";

import type { Actor, Row } from "../protocol";
import type { RowChange } from "../realtime";
import type { RowView } from "../row-store";
import { useSyncClient } from "./sync-context";
import { useRowsWhere } from "./use-rows";

export interface RowSync {
  /** The last change of the row, null until there is one; a new object for every change. */
  readonly change: RowChange | null;
  /** The names of the fields that changed. */
  readonly changed: readonly string[];
  /** Who changed it; null when nobody in person did. */
  readonly updatedBy: Actor | null;
  /** It was the person who is signed in here. */
  readonly isOwn: boolean;
}

const NOTHING: RowSync = { change: null, changed: [], updatedBy: null, isOwn: false };

/** Every write changes these; they say nothing. */
const BOOKKEEPING = new Set(["version", "updated_at", "updated_by"]);

/** What changed in one row since this page has been up to date, and by whom. */
export function useRowSync(table: string, id: string): RowSync {
  const { realtime, userId } = useSyncClient();
  const [sync, setSync] = useState(NOTHING);
  useEffect(
    () =>
      realtime.subscribeRow(table, id, (change) => {
        if (change.source !== "replay") setSync(describe(change, userId));
      }),
    [realtime, table, id, userId],
  );
  return sync.change?.id === id ? sync : NOTHING;
}

function describe(change: RowChange, userId: string): RowSync {
  const updatedBy = change.actor;
  return { change, changed: changedFields(change), updatedBy, isOwn: updatedBy?.id === userId };
}

/** By the server's word, and by comparing with what was known: each may know what the other does not. */
export function changedFields({ old_record: old, previous, record }: RowChange): readonly string[] {
  const now: Row = record ?? {};
  const compared = old === null || previous !== null ? Object.keys({ ...previous, ...now }) : [];
  return [...new Set([...Object.keys(old ?? {}), ...compared])].filter(
    (name) => !BOOKKEEPING.has(name) && !isSame(old?.[name] ?? previous?.[name], now[name]),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A changed row together with who changed it, as the pages that show one row use it. */
export type UpdatedRow = Row & { readonly updatedBy: string | null };

function updatedRow({ change, updatedBy }: RowSync): UpdatedRow | null {
  return change?.record ? { ...change.record, updatedBy: updatedBy?.email ?? null } : null;
}

/** What changed in an appointment, and by whom. */
export function useAppointmentSync(
  id: string,
): RowSync & { readonly updatedAppointment: UpdatedRow | null } {
  const sync = useRowSync("appointments", id);
  return { ...sync, updatedAppointment: updatedRow(sync) };
}

export interface SmsSync extends RowSync {
  /** The texts of this person that are known here, oldest first. */
  readonly messages: readonly RowView[];
  /** The text that changed last since this page has been up to date. */
  readonly updatedSms: UpdatedRow | null;
}

const SMS = "sms_logs";

/** The thread of a contact or lead, kept live: what changed last in it, and by whom. */
export function useSmsSync(personId: string): SmsSync {
  const { realtime, userId } = useSyncClient();
  const [sync, setSync] = useState(NOTHING);
  const fits = useCallback((row: Row) => row.person_id === personId, [personId]);
  const texts = useRowsWhere(SMS, fits);
  const messages = useMemo(() => [...texts].sort(inOrder), [texts]);
  useEffect(
    () =>
      realtime.subscribe(SMS, (change) => {
        if (change.record?.person_id === personId && change.source !== "replay")
          setSync(describe(change, userId));
      }),
    [realtime, personId, userId],
  );
  const mine = sync.change?.record?.person_id === personId ? sync : NOTHING;
  return { ...mine, messages, updatedSms: updatedRow(mine) };
}

function inOrder({ row: a }: RowView, { row: b }: RowView): number {
  return timeOf(a).localeCompare(timeOf(b));
}

function timeOf({ sent_at: sent, created_at: created }: Row): string {
  if (typeof sent === "string") return sent;
  return typeof created === "string" ? created : "";
}

/** What changed in a lead, its status above all, and by whom. */
export function useLeadStatusSync(
  id: string,
): RowSync & { readonly updatedLead: UpdatedRow | null } {
  const sync = useRowSync("leads", id);
  return { ...sync, updatedLead: updatedRow(sync) };
}
