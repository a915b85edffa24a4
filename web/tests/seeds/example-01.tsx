import { useEffect, useState } from "react";

import {
  BookingConfirmButton,
  SendSMSButton,
  LeadStatusButton,
  LeadStatusBulkUpdateButton,
} from "@/components/common/CriticalButtons";

export {};
