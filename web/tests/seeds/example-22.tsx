import { useEffect, useState } from "react";

import { getRealtimeSyncService } from "@/services/realtime-sync";

const sync = getRealtimeSyncService();
console.log("Active subscriptions:", sync.getSubscriptions());

export {};
