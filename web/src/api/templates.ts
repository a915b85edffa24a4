import * as v from "valibot";

import { isRecord, type Http } from "@/sync";
import type { Schemas } from "./check";
import { bodyOf } from "./errors";

const template = v.object({
  id: v.string(),
  text: v.string(),
  variables: v.array(v.string()),
  category: v.fallback(v.string(), "marketing"),
} satisfies Partial<Record<keyof Schemas["SmsTemplate"], v.GenericSchema>>);

/** A text with gaps that an org can send. */
export type Template = v.InferOutput<typeof template>;

/** @throws ApiError */
export async function readTemplates(http: Http, signal: AbortSignal): Promise<readonly Template[]> {
  const body = await bodyOf(http.request("/api/templates", { signal }));
  const list: readonly unknown[] =
    isRecord(body) && Array.isArray(body.templates) ? body.templates : [];
  return list.flatMap((each) => {
    const result = v.safeParse(template, each);
    return result.success ? [result.output] : [];
  });
}

/** The text with its gaps filled, and which of them are still empty. */
export function filled(
  { text, variables }: Template,
  values: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly missing: readonly string[] } {
  const valueOf = (name: string): string => values[name]?.trim() ?? "";
  return {
    text: text.replace(/\{(\w+)\}/g, (gap, name: string) => valueOf(name) || gap),
    missing: variables.filter((name) => valueOf(name) === ""),
  };
}
