/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the API is, when it is not on the page's own host; without `/api`. */
  readonly VITE_API_URL?: string;
  /** The host of the sign-in pages, and the client that this page is to them. */
  readonly VITE_SIGN_IN_DOMAIN?: string;
  readonly VITE_SIGN_IN_CLIENT?: string;
}

declare module "@fontsource-variable/inter/wght.css";
