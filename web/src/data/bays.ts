import { useCallback } from "react";

import { useMe } from "./me";

/** The name of a bay, as the business calls it. */
export function useBayName(): (id: string | null) => string {
  const { resources } = useMe().org;
  return useCallback(
    (id) => (id === null ? "" : (resources.find((each) => each.id === id)?.name ?? id)),
    [resources],
  );
}
