import { useEffect, useState } from "react";

import { toAppointment } from "@/api/appointments";
import { useAppointmentSync, type Row } from "@/sync";
import { announce } from "@/ui/live-region";
import { nameOf } from "@/ui/format";
import { messages } from "@/ui/messages";

const SHOWN_MS = 6_000;

/** Who has just changed this appointment, if it was somebody else; null again after some seconds. */
export function useFlash(id: string): string | null {
  const { change, changed, updatedBy, isOwn, updatedAppointment } = useAppointmentSync(id);
  const [over, setOver] = useState<typeof change>(null);
  useEffect(() => {
    if (change === null) return;
    const timer = setTimeout(() => setOver(change), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [change]);
  const isNews = change !== null && !isOwn && change !== over && changed.length > 0;
  const text = isNews ? sentence(change.type, updatedBy?.email ?? null) : null;
  const spoken =
    text !== null && changed.includes("status") ? news(text, updatedAppointment) : null;
  useEffect(() => {
    if (spoken !== null) announce(spoken);
  }, [change, spoken]);
  return text;
}

function sentence(type: "INSERT" | "UPDATE" | "DELETE", email: string | null): string {
  const { today } = messages;
  if (type === "INSERT")
    return email === null ? today.addedAutomatically : today.addedBy(nameOf(email));
  return email === null ? today.updatedAutomatically : today.updatedBy(nameOf(email));
}

function news(who: string, row: Row | null): string {
  const appointment = row === null ? null : toAppointment(row);
  if (appointment === null) return who;
  const name = appointment.contactName === "" ? messages.today.unnamed : appointment.contactName;
  return messages.today.changeNews(who, name, messages.status[appointment.status]);
}
