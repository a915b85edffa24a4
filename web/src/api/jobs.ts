import * as v from "valibot";

import { isRecord, type Http, type Row } from "@/sync";
import { actor, instant, parsed, text, type Schemas } from "./check";
import { bodyOf } from "./errors";

/** The way of a job through the house. Cancelled is beside it. */
export const WORK_STEPS = [
  "scheduled",
  "checked_in",
  "in_progress",
  "qc",
  "ready",
  "completed",
] as const satisfies readonly Schemas["WorkStatus"][];

const point = v.object({ id: v.string(), label: v.string(), done: v.boolean() });
const points = v.fallback(v.array(point), []);

/** One point of a checklist. */
export type Point = v.InferOutput<typeof point>;

const photo = v.object({
  id: v.string(),
  name: text,
  width: v.fallback(v.number(), 4),
  height: v.fallback(v.number(), 3),
} satisfies Partial<Record<keyof Schemas["Photo"], v.GenericSchema>>);

export type Photo = v.InferOutput<typeof photo>;

const move = v.object({ to: v.string(), at: instant, by: actor });

const job = v.object({
  id: v.string(),
  workStatus: v.string(),
  statusHistory: v.fallback(v.array(move), []),
  checklist: v.fallback(v.object({ tech: points, qc: points }), { tech: [], qc: [] }),
  photosMeta: v.fallback(v.array(photo), []),
  receiptPhotos: v.fallback(v.array(photo), []),
  vehicleInfo: v.fallback(v.record(v.string(), v.union([v.string(), v.number()])), {}),
  notes: text,
  createdBy: text,
  start: instant,
  end: instant,
  serviceType: v.fallback(v.string(), ""),
  booking_status: text,
  customerCached: v.fallback(v.nullable(v.object({ name: text, phone: text, email: text })), null),
  customer_note: text,
  address: text,
} satisfies Partial<Record<keyof Schemas["Job"], v.GenericSchema>>);

/** The work behind one Square booking. */
export type Job = v.InferOutput<typeof job>;

/** A stored row as a job; null while too little of it is known. */
export function toJob(row: Row): Job | null {
  return parsed(job, row);
}

/** Where a photo can be seen, for some minutes. @throws ApiError */
export async function readPhoto(http: Http, path: string, signal: AbortSignal): Promise<string> {
  const body = await bodyOf(http.request(path, { signal }));
  return isRecord(body) && typeof body.url === "string" ? body.url : "";
}

/** Asks for a place for a photo and puts it there; the job shows it when it was checked. @throws ApiError */
export async function uploadPhoto(http: Http, jobId: string, file: File): Promise<void> {
  const body = await bodyOf(
    http.request(`/api/jobs/${encodeURIComponent(jobId)}/photos`, {
      method: "POST",
      body: { contentType: file.type === "" ? "image/jpeg" : file.type },
      headers: { "X-Idempotency-Key": crypto.randomUUID() },
    }),
  );
  const upload = isRecord(body) && isRecord(body.upload) ? body.upload : {};
  const form = new FormData();
  for (const [name, value] of Object.entries(isRecord(upload.fields) ? upload.fields : {}))
    form.append(name, String(value));
  // The bucket reads no field that comes after the file.
  form.append("file", file);
  const answer = await fetch(String(upload.url), { method: "POST", body: form });
  if (!answer.ok) throw new Error(`The photo was not taken: ${String(answer.status)}`);
}
