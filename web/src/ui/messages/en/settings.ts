/** What the settings are called, and what they do. */
export const settings = {
  settingFields: {
    texts: "Texts",
    callers: "Callers and codes",
    breaks: "Breaks",
    noBreak: "No break",
    breakOf: (day: string) => `Breaks on ${day}`,
    breakFrom: (day: string) => `Break on ${day}, from`,
    breakTo: (day: string) => `Break on ${day}, to`,
    anotherBreak: (day: string) => `Another break on ${day}`,
    bounds: (least: string, most: string) => `${least} to ${most}.`,
    units: {
      minutes: "minutes",
      days: "days",
      texts: "texts",
      times: "times",
      digits: "digits",
    },
    ifEmpty: (value: string) => `If empty: ${value}.`,
    carriersHelp: "the carrier answers by itself",
    price: (currency: string) => `Price, ${currency}`,
    doneIn: "Where:",
    anyBay: "any bay",
    baysOf: (service: string) => `${service}, bays`,
    fields: {
      slot_minutes: {
        label: "Grid of the offered times",
        hint: "Callers are offered a time every so often. Quarters of an hour.",
      },
      lead_minutes: {
        label: "Shortest notice",
        hint: "Callers cannot book anything sooner than this.",
      },
      horizon_days: {
        label: "Furthest ahead",
        hint: "Callers cannot book anything later than this.",
      },
      cancel_notice_minutes: {
        label: "Notice to cancel by text",
        hint: "Nearer to the visit a text cancels nothing: the person is asked to call.",
      },
      sms_budget_per_day: {
        label: "Texts a day",
        hint: "For the whole business. What is beyond waits for nobody: it is refused. 0 sends none.",
      },
      "limits.sms_per_person": {
        label: "Texts to one person",
        hint: "So many within the minutes beside, then sending is refused for a while.",
      },
      "limits.sms_per_person_minutes": {
        label: "Within",
        hint: "The time for which the texts to one person are counted.",
      },
      "quiet_hours.from": {
        label: "Quiet hours, from",
        hint: "From then on marketing waits, by the clock of the person. Codes and confirmations do not.",
      },
      "quiet_hours.to": {
        label: "Quiet hours, to",
        hint: "What has waited goes out then. Equal ends: none.",
      },
      "sms_answers.confirm": {
        label: "Word that confirms",
        hint: "What our texts ask for. 1 to 10 letters, and no word of the carriers such as STOP.",
      },
      "sms_answers.cancel": {
        label: "Word that cancels",
        hint: "Another one. CANCEL is taken for an opt-out by the carriers.",
      },
      sms_help: {
        label: "Answer to HELP",
        hint: "Sent to whoever texts HELP: who you are and how to reach you. At most 320 characters.",
      },
      "texts.work_completed": {
        label: "Text when the work is completed",
        hint: "The customer of a job is told by itself as soon as its last step is done.",
      },
      "limits.holds_per_phone": {
        label: "Times held for one number",
        hint: "So many at once, for 15 minutes each.",
      },
      "limits.holds_per_hour": {
        label: "Times held an hour",
        hint: "For all callers together, so that nobody blocks the calendar.",
      },
      "limits.codes_per_day": {
        label: "Codes a day",
        hint: "For the whole business. Beyond it callers are asked to call again.",
      },
      code_length: {
        label: "Length of a code",
        hint: "Longer is safer, and harder to say aloud.",
      },
      text_countries: {
        label: "Countries that get codes",
        hint: "Two letters each: US, CA. At most 50.",
      },
    },
    you: "you",
  },
};
