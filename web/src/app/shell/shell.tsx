import { Suspense, useEffect, useState } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import { useUnansweredCount } from "@/data/use-unanswered";
import { useMessages } from "@/ui/messages";
import { OfflineIndicator } from "@/ui/offline-indicator";
import { SkeletonRows } from "@/ui/skeleton";
import { PageBoundary } from "../root-boundary";
import { useWho } from "../who";
import { LazyPalette } from "./lazy";
import { More } from "./more";
import { NewVersion } from "./new-version";
import { BottomBar, Rail } from "./nav";
import { JobPage, PAGES } from "./pages";
import styles from "./shell.module.css";
import { RowSheet } from "./row-sheet";
import { ShortcutList } from "./shortcut-list";
import { useShortcuts } from "./use-shortcuts";

type Overlay = "palette" | "shortcuts" | null;

/** The frame around every page. */
export function Shell() {
  const messages = useMessages();
  const { signIn } = useWho();
  const [path] = useLocation();
  const [overlay, setOverlay] = useState<Overlay>(null);
  useShortcuts({ onPalette: () => setOverlay("palette"), onList: () => setOverlay("shortcuts") });
  return (
    <div className={styles.shell}>
      <Title path={path} />
      <a href="#main" className={styles.skip}>
        {messages.app.skip}
      </a>
      <Rail onPalette={() => setOverlay("palette")} onShortcuts={() => setOverlay("shortcuts")} />
      <main id="main" tabIndex={-1} className={styles.main}>
        <OfflineIndicator onSignIn={() => signIn.begin()} />
        <NewVersion />
        <PageBoundary page={path}>
          <Suspense fallback={<SkeletonRows />}>
            <Pages />
          </Suspense>
        </PageBoundary>
      </main>
      <RowSheet />
      <BottomBar />
      {overlay === "palette" && (
        <Suspense fallback={null}>
          <LazyPalette onClose={() => setOverlay(null)} />
        </Suspense>
      )}
      {overlay === "shortcuts" && <ShortcutList onClose={() => setOverlay(null)} />}
    </div>
  );
}

function Pages() {
  return (
    <Switch>
      {PAGES.map(({ path, component: Component }) => (
        <Route key={path} path={path}>
          <Component />
        </Route>
      ))}
      {PAGES.flatMap(({ path, detail: Detail }) =>
        Detail === undefined
          ? []
          : [
              <Route key={`${path}/:id`} path={`${path}/:id`}>
                {(params: Readonly<Record<string, string | undefined>>) => (
                  <Detail id={decodeURIComponent(params.id ?? "")} />
                )}
              </Route>,
            ],
      )}
      <Route path="/jobs/:id">{(params) => <JobPage id={decodeURIComponent(params.id)} />}</Route>
      <Route path="/more">
        <More />
      </Route>
      <Route>
        <Redirect to="/today" replace />
      </Route>
    </Switch>
  );
}

/** The page in the title of the tab, and before it how many people wait for an answer to their text. */
function Title({ path }: { readonly path: string }) {
  const messages = useMessages();
  const waiting = useUnansweredCount();
  const page = PAGES.find((each) => path.startsWith(each.path));
  const count = waiting === 0 ? "" : `(${String(waiting)}) `;
  const title = page === undefined ? "" : `${page.name(messages)} – `;
  useEffect(() => {
    document.title = `${count}${title}${messages.app.name}`;
  }, [count, title, messages.app.name]);
  return null;
}
