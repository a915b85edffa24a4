import type { ButtonHTMLAttributes, Ref } from "react";

import styles from "./button.module.css";

export type ButtonTone = "primary" | "secondary" | "quiet" | "danger";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone | undefined;
  readonly size?: "normal" | "small" | "icon" | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button in the house's look. */
export function Button({
  tone = "secondary",
  size = "normal",
  className = "",
  type = "button",
  ...rest
}: ButtonProps) {
  return <button type={type} className={buttonClass(tone, size, className)} {...rest} />;
}

/** The same look for a link. */
export function buttonClass(
  tone: ButtonTone = "secondary",
  size: "normal" | "small" | "icon" = "normal",
  more = "",
): string {
  return [styles.button, styles[tone], size === "normal" ? "" : styles[size], more]
    .filter((name) => name !== undefined && name !== "")
    .join(" ");
}
