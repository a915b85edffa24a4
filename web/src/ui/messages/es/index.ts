import type { Messages } from "../en";
import { backOffice } from "./back-office";
import { buttons } from "./buttons";
import { forms } from "./forms";
import { pages } from "./pages";
import { settings } from "./settings";
import { shell } from "./shell";
import { sync } from "./sync";

/** Every sentence that a person reads, in Spanish. */
export const es: Messages = {
  locale: "es-US",
  ...shell,
  ...sync,
  ...buttons,
  ...pages,
  ...backOffice,
  ...forms,
  ...settings,
};
