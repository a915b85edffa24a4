import { backOffice } from "./back-office";
import { buttons } from "./buttons";
import { forms } from "./forms";
import { pages } from "./pages";
import { settings } from "./settings";
import { shell } from "./shell";
import { sync } from "./sync";

/** Every sentence that a person reads, in English. */
export const en = {
  locale: "en-US",
  ...shell,
  ...sync,
  ...buttons,
  ...pages,
  ...backOffice,
  ...forms,
  ...settings,
};

/** The sentences of a language; every language has all of them. */
export type Messages = typeof en;
