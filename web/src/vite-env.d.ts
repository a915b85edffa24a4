/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the API is, when it is not on the page's own host; without `/api`. */
  readonly VITE_API_URL?: string;
}
