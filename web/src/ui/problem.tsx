import { ApiError } from "@/api/errors";
import { sentenceOf, useMessages, type Messages } from "./messages";
import { Notice } from "./notice";
import styles from "./problem.module.css";

/** Why a read failed, in words for a person, with the reference for whoever looks into it. */
export function reasonOf(messages: Messages, error: Error): string {
  if (!(error instanceof ApiError)) return messages.someError;
  const { requestId } = error.reason;
  const sentence = sentenceOf(messages, error.reason);
  return requestId === null ? sentence : `${sentence} ${messages.reference(requestId)}`;
}

/** Stands where a list would be that could not be read and is not known from before. */
export function ListProblem(props: {
  readonly what: string;
  readonly error: Error;
  readonly onRetry: () => void;
}) {
  const messages = useMessages();
  return (
    <Notice
      role="alert"
      title={messages.list.failed(props.what)}
      text={reasonOf(messages, props.error)}
      actionLabel={messages.button.retry}
      onAction={props.onRetry}
    />
  );
}

/** Above a list that is shown although it could not be brought up to date. */
export function StaleLine({ error }: { readonly error: Error }) {
  const messages = useMessages();
  return (
    <p role="alert" className={styles.stale}>
      {messages.list.failedButShown} {reasonOf(messages, error)}
    </p>
  );
}
