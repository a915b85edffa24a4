import { useEffect, useState } from "react";
import { SendSMSButton } from "@/components/common/CriticalButtons";
declare const lead: any;
declare const leadId: any;

export function Example() {
  return (
    <SendSMSButton
      leadId={lead.id}
      message={message}
      variant="with-progress"
      onProgress={(progress) => {
        console.log(`Send attempt ${progress.attempt}/${progress.maxAttempts}`);
      }}
    />
  );
}
