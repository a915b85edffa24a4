import { freeSlotsOf, reasonOf } from "@/api/slots";
import type { SyncError } from "@/sync";
import { Button } from "@/ui/button";
import { useClock } from "@/ui/clock";
import { momentOf } from "@/ui/format";
import { sentenceOf, useMessages } from "@/ui/messages";

export interface SlotRefusedProps {
  readonly error: SyncError;
  /** One of the free times was chosen; its start. */
  readonly onChoose: (start: string) => void;
}

/** Why a time cannot be had, and the next that can. */
export function SlotRefused({ error, onChoose }: SlotRefusedProps) {
  const messages = useMessages();
  const clock = useClock();
  const slots = freeSlotsOf(error);
  const reason = messages.book.reasons[reasonOf(error) ?? ""];
  return (
    <>
      <span>
        {reason ?? sentenceOf(messages, error)}
        {slots.length > 0 && ` ${messages.calendar.free}:`}
      </span>
      {slots.map((start) => (
        <Button key={start} size="small" onClick={() => onChoose(start)}>
          {momentOf(start, clock)}
        </Button>
      ))}
    </>
  );
}
