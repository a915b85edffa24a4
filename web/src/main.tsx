import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "@fontsource-variable/inter/wght.css";
import "@/ui/styles/tokens.css";
import "@/ui/styles/base.css";

import { isPassing } from "@/api/errors";
import { App } from "@/app/app";
import { LocaleRoot } from "@/app/locale-root";
import { installOffline } from "@/app/offline-start";
import { RootBoundary } from "@/app/root-boundary";
import { applyTheme } from "@/app/theme";

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

applyTheme();
installOffline();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <RootBoundary>
      <QueryClientProvider client={queries}>
        <LocaleRoot>
          <App />
        </LocaleRoot>
      </QueryClientProvider>
    </RootBoundary>
  </StrictMode>,
);
