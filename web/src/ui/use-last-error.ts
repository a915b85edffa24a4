import { useState } from "react";

/** Why the last read failed, also while it is tried again: what the page says stays until it is different. */
export function useLastError(read: {
  readonly isPending: boolean;
  readonly error: Error | null;
}): Error | null {
  const [last, setLast] = useState<Error | null>(null);
  const error = read.isPending ? last : read.error;
  if (error !== last) setLast(error);
  return error;
}
