import type { ButtonHTMLAttributes, Ref } from "react";

import styles from "./button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: "primary" | "plain" | "quiet";
  readonly size?: "normal" | "small";
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button in the house's look. */
export function Button({
  tone = "plain",
  size = "normal",
  className = "",
  type = "button",
  ...rest
}: ButtonProps) {
  const names = [styles.button, styles[tone], styles[size], className].join(" ");
  return <button type={type} className={names} {...rest} />;
}
