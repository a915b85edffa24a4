export { en, type Messages } from "./en";
export { LOCALES, loadMessages, type Locale } from "./locales";
export { MessagesProvider, useMessages } from "./use-messages";
export { sentenceOf } from "./sentence";
