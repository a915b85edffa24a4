import { isRecord, type SyncError } from "@/sync";

const CARRY_SLOTS = new Set(["SLOT_TAKEN", "SLOT_NOT_OFFERED"]);

/** The starts of the next free slots that came with a refusal. */
export function freeSlotsOf(error: SyncError | null): readonly string[] {
  const slots = error !== null && CARRY_SLOTS.has(error.code) ? error.body?.slots : undefined;
  if (!Array.isArray(slots)) return [];
  const starts = slots.flatMap((slot: unknown) =>
    isRecord(slot) && typeof slot.start === "string" ? [slot.start] : [],
  );
  // Two bays may be free at one time: to the person that is one.
  return [...new Set(starts)];
}

/** Why nothing is offered then: `past`, `too_soon`, `too_far`, `day_off`, `closed`, `off_grid`. */
export function reasonOf(error: SyncError | null): string | null {
  const reason = error?.code === "SLOT_NOT_OFFERED" ? error.body?.reason : undefined;
  return typeof reason === "string" ? reason : null;
}
