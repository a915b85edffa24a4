import { useCallback, useEffect, useState } from "react";

import { isRecord, useSyncClient } from "@/sync";

export interface Draft {
  readonly text: string;
  readonly templateId: string;
  readonly variables: Readonly<Record<string, string>>;
}

const EMPTY: Draft = { text: "", templateId: "", variables: {} };

export interface DraftState {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  /** Sent: nothing of it stays. */
  readonly clear: () => void;
}

/**
 * What this person was writing, by whom it is for: written down while they type, there again after
 * a reload, and never shown in, or sent to, another thread.
 */
export function useDraft(name: string): DraftState {
  const { drafts } = useSyncClient();
  const [state, setState] = useState<{ readonly name: string; readonly draft: Draft }>({
    name,
    draft: EMPTY,
  });
  useEffect(() => {
    let isOver = false;
    void drafts.load(name).then((stored) => {
      if (isOver) return;
      // Who was quicker than the browser's database goes on with what they typed.
      setState((known) =>
        known.name === name && known.draft !== EMPTY ? known : { name, draft: readDraft(stored) },
      );
    });
    return () => {
      isOver = true;
    };
  }, [drafts, name]);
  const change = useCallback(
    (draft: Draft): void => {
      setState({ name, draft });
      drafts.save(name, isEmpty(draft) ? "" : JSON.stringify(draft));
    },
    [drafts, name],
  );
  const clear = useCallback(() => change({ ...EMPTY }), [change]);
  return { draft: state.name === name ? state.draft : EMPTY, change, clear };
}

function isEmpty({ text, templateId }: Draft): boolean {
  return text === "" && templateId === "";
}

function readDraft(stored: string): Draft {
  try {
    const value: unknown = JSON.parse(stored === "" ? "null" : stored);
    if (!isRecord(value)) return { ...EMPTY };
    const variables = isRecord(value.variables) ? Object.entries(value.variables) : [];
    return {
      text: typeof value.text === "string" ? value.text : "",
      templateId: typeof value.templateId === "string" ? value.templateId : "",
      variables: Object.fromEntries(
        variables.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
      ),
    };
  } catch {
    return { ...EMPTY };
  }
}
