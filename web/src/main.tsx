import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { isPassing } from "@/api/errors";
import { App } from "@/app/app";
import "@/app/styles/base.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The browser's opinion of the network is a hint, no reason not to ask.
      networkMode: "always",
      // The socket keeps rows true; without it, polling does.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
