/** Where errors go that nobody can handle: to `window.onerror`, where the page's own reporting sees them. */
export const faults = {
  report: (error: unknown): void => {
    queueMicrotask(() => {
      throw error;
    });
  },
};
