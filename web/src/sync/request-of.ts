/** From what a button says about its action to what the outbox keeps. */

import type { OptimisticPatch, OutboxRequest } from "./outbox-item";

export interface ActionConfig<TBody> {
  readonly method?: OutboxRequest["method"] | undefined;
  readonly scope?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly priority?: OutboxRequest["priority"] | undefined;
  readonly eventTable?: string | undefined;
  readonly optimistic?: ((body: TBody) => OptimisticPatch | readonly OptimisticPatch[]) | undefined;
  readonly base?: ((body: TBody) => OutboxRequest["base"]) | undefined;
}

export function scopesOf({
  scope,
  scopes = [],
}: Pick<ActionConfig<never>, "scope" | "scopes">): readonly string[] {
  return [...(scope === undefined ? [] : [scope]), ...scopes];
}

export function requestOf<TBody>(
  endpoint: string,
  body: TBody,
  config: ActionConfig<TBody>,
): OutboxRequest {
  const patches = config.optimistic?.(body) ?? [];
  const base = config.base?.(body);
  return {
    ...(base === undefined ? {} : { base }),
    endpoint,
    method: config.method ?? "POST",
    body,
    scopes: scopesOf(config),
    priority: config.priority ?? "NORMAL",
    eventTable: config.eventTable ?? null,
    optimistic: isMany(patches) ? patches : [patches],
  };
}

function isMany<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
