import { useOfflineSync } from "@/sync";
import { ConfirmDialog } from "@/ui/confirm-dialog";
import { useDescription } from "@/ui/describe-action";
import { useMessages } from "@/ui/messages";

const NAMED = 3;

export interface LeaveDialogProps {
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

/** Asks before somebody signs out and loses what they pressed, and says what that is. */
export function LeaveDialog({ onLeave, onClose }: LeaveDialogProps) {
  const { leave } = useMessages();
  const { queued, unknown } = useOfflineSync();
  const describe = useDescription();
  const unsent = [...queued, ...unknown];
  const named = unsent.slice(0, NAMED).map(describe).join("; ");
  return (
    <ConfirmDialog
      title={leave.title}
      text={leave.text(unsent.length, unsent.length > NAMED ? `${named} …` : named)}
      confirmLabel={leave.confirm}
      cancelLabel={leave.stay}
      isDestructive
      onConfirm={onLeave}
      onClose={onClose}
    />
  );
}
