import { useEffect, useState } from "react";

import type { Appointment } from "@/api/appointments";
import { toLead } from "@/api/persons";
import { useSyncClient, type Row } from "@/sync";
import { Button } from "@/ui/button";
import { BookingConfirmButton } from "@/ui/buttons/booking-confirm-button";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { SendSMSButton } from "@/ui/buttons/send-sms-button";
import { useClock } from "@/ui/clock";
import { shortDayOf, timeOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import styles from "./guided-confirm.module.css";

const STEPS = ["booking", "sms", "status", "done"] as const;
type Step = (typeof STEPS)[number];

export interface GuidedConfirmProps {
  readonly booking: Appointment;
  readonly lead: Row;
  /** What is shown of the booking is expected, not yet answered. */
  readonly tentative: boolean;
}

/**
 * Confirm, text, status: the three presses of a confirmed visit, one after the other. Where it
 * stands is remembered, so a reload goes on in the middle.
 */
export function GuidedConfirm({ booking, lead: row, tentative }: GuidedConfirmProps) {
  const messages = useMessages();
  const clock = useClock();
  const lead = toLead(row);
  const [step, setStep] = useStep(`guided/${booking.id}`, tentative ? "pending" : booking.status);
  if (lead === null || step === "done" || lead.opted_out_at !== null) return null;
  const first = lead.name.split(" ")[0] ?? "";
  const text = messages.guided.text(
    first,
    shortDayOf(booking.start, clock),
    timeOf(booking.start, clock),
  );
  return (
    <section className={styles.guided} aria-label={messages.guided.title} data-step={step}>
      <h3 className={styles.title}>{messages.guided.title}</h3>
      <ol className={styles.steps}>
        {STEPS.slice(0, 3).map((each) => (
          <li key={each} aria-current={each === step ? "step" : undefined} className={styles.step}>
            {messages.guided.steps[each as "booking" | "sms" | "status"]}
          </li>
        ))}
      </ol>
      <div className={styles.act}>
        {step === "booking" && (
          <BookingConfirmButton
            appointmentId={booking.id}
            size="small"
            onSuccess={() => setStep("sms")}
          >
            {messages.guided.begin}
          </BookingConfirmButton>
        )}
        {step === "sms" && (
          <>
            <p className={styles.text}>{text}</p>
            <SendSMSButton
              leadId={lead.id}
              message={text}
              tone="primary"
              size="small"
              onSuccess={() => setStep("status")}
            />
          </>
        )}
        {step === "status" && (
          <LeadStatusButton
            leadId={lead.id}
            currentStatus={lead.status}
            context={lead.name}
            onSuccess={() => setStep("done")}
          />
        )}
        {step !== "booking" && (
          <Button
            size="small"
            tone="quiet"
            onClick={() => setStep(STEPS[STEPS.indexOf(step) + 1] ?? "done")}
          >
            {messages.guided.skip}
          </Button>
        )}
      </div>
    </section>
  );
}

/** The step that was reached, kept with the drafts of the person: a reload finds it, sign-out removes it. */
function useStep(name: string, status: string): readonly [Step, (step: Step) => void] {
  const { drafts } = useSyncClient();
  const [known, setKnown] = useState<Step | null>(null);
  useEffect(() => {
    let isOver = false;
    void drafts.load(name).then((stored) => {
      if (!isOver) setKnown((now) => now ?? STEPS.find((each) => each === stored) ?? "booking");
    });
    return () => {
      isOver = true;
    };
  }, [drafts, name]);
  const set = (step: Step): void => {
    setKnown(step);
    drafts.save(name, step);
  };
  // Confirmed before anybody began here, or not to be confirmed at all: there is nothing to guide.
  if (known === null || (known === "booking" && status !== "pending")) return ["done", set];
  return [known, set];
}
