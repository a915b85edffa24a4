import { counted } from "../plural";

/** What buttons say, and what becomes of a press. */
export const buttons = {
  button: {
    retry: "Retry",
    discard: "Discard",
    cancel: "Cancel",
    close: "Close",
    undo: "Undo",
    refresh: "Refresh",
    details: "Details",
    queuedNote: "Saved. It is sent when you are back online.",
    unknownNote:
      "We could not check whether this went through. Checking again when the connection is back.",
    keptNote: "Kept. It goes out by itself as soon as texting works again.",
    attempt: (attempt: number, of: number) => `Attempt ${String(attempt)} of ${String(of)}`,
    done: "Done",
  },
  confirmBooking: {
    label: "Confirm",
    context: (name: string, time: string) => `the booking of ${name}, ${time}`,
    title: "Confirm this booking?",
    done: "Booking confirmed",
    already: (who: string) =>
      who === "" ? "It had already been confirmed." : `${who} had already confirmed it.`,
  },
  sendSms: {
    label: "Send text",
    context: (name: string) => `to ${name}`,
    title: "Send this text?",
    done: "Text on its way",
  },
  leadStatus: {
    label: "Status",
    change: (name: string) => (name === "" ? "Change the status" : `Change the status of ${name}`),
    done: (status: string) => `Status is now ${status}`,
    final: "This status is final.",
    title: (status: string) => `Move to ${status}?`,
    won: "Won is final: it cannot be changed afterwards.",
    lost: "A lost lead can be reopened later.",
  },
  bulk: {
    label: (leads: number, status: string) =>
      `Move ${counted(leads, "lead", "leads")} to ${status}`,
    title: (leads: number, status: string) =>
      `Move ${counted(leads, "lead", "leads")} to ${status}?`,
    progress: (done: number, of: number) => `${String(done)} of ${String(of)}`,
    done: (leads: number, status: string) =>
      `${counted(leads, "lead", "leads")} moved to ${status}`,
    partial: (done: number, failed: number) =>
      `${counted(done, "lead", "leads")} moved, ${String(failed)} not`,
    failures: "Not moved",
  },
  callBack: {
    label: "Call back",
    context: (name: string) => name,
    title: "Ask for a call back?",
    done: "Call-back noted",
  },
  markBooked: { label: "Mark booked", done: "Marked as booked" },
  markLost: {
    label: "Mark lost",
    done: "Marked as lost",
    title: "Mark as lost?",
    text: "They leave the list of open contacts. You can change it back.",
  },
  guided: {
    title: "Confirm, text and move on",
    steps: { booking: "Confirm", sms: "Text", status: "Status" },
    begin: "Confirm, then text",
    skip: "Skip",
    text: (name: string, day: string, time: string) =>
      `Hi ${name}, your appointment on ${day} at ${time} is confirmed. See you then!`,
  },
  resend: { label: "Send again", done: "On its way again" },
  /** Actions in words, for the list of what is waiting. The name is whom it is about. */
  actions: {
    "POST /api/bookings/confirm": (name: string) => `Confirm the booking of ${name}`,
    "POST /api/bookings": (name: string) => `Book ${name}`,
    "POST /api/bookings/reschedule": (name: string) => `Move the booking of ${name}`,
    "POST /api/bookings/cancel": (name: string) => `Cancel the booking of ${name}`,
    "POST /api/bookings/complete": (name: string) => `Complete the booking of ${name}`,
    "POST /api/bookings/no-show": (name: string) => `Note a no-show of ${name}`,
    "POST /api/leads/send-sms": (name: string) => `Text ${name}`,
    "POST /api/contacts/:id/sms": (name: string) => `Text ${name}`,
    "POST /api/leads/update-status": (name: string) => `Change the status of ${name}`,
    "POST /api/contacts/:id/call-back": (name: string) => `Note a call back to ${name}`,
    "POST /api/contacts": () => "Add a contact",
    "POST /api/leads": () => "Add a lead",
    "PATCH /api/leads/:id": (name: string) => `Change ${name}`,
    "PATCH /api/contacts/:id": (name: string) => `Change ${name}`,
    "POST /api/sms/:id/retry": (name: string) => `Send a text to ${name} again`,
    "PATCH /api/jobs/:id": (name: string) => `Change the job of ${name}`,
    "PATCH /api/calls/:id": (name: string) => `Settle the call to ${name}`,
    "POST /api/reconcile": () => "Compare with Square",
    "PATCH /api/settings": () => "Save the settings",
    "POST /api/conflicts/:id/resolve": () => "Settle a conflict",
  } as Readonly<Record<string, ((name: string) => string) | undefined>>,
  someAction: "An action",
  someone: "somebody",
  severalLeads: (leads: number) => counted(leads, "lead", "leads"),
};
