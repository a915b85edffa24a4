import { useEffect, useState } from "react";

// In _app.tsx
if (process.env.DEBUG_SYNC) {
  window.DEBUG_SYNC = true;
  console.log("Sync debug logging enabled");
}

export {};
