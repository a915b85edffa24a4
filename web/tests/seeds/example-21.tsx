import { useEffect, useState } from "react";

import { getOfflineQueue } from "@/hooks/mutations/useSyncMutation";

console.log("Queued requests:", getOfflineQueue());

export {};
