import type { ReactNode } from "react";

import type { ButtonProps } from "../button";

/** What the buttons have in common for the eye and the ear. */
export interface Look {
  /** In place of the button's own words. */
  readonly children?: ReactNode;
  /** Whom or what it is about, for those who do not see the rest of the row. */
  readonly context?: string | undefined;
  readonly tone?: ButtonProps["tone"];
  readonly size?: ButtonProps["size"];
  readonly notes?: "below" | "floating" | undefined;
  readonly disabled?: boolean | undefined;
}
