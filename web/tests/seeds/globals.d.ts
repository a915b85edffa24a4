/** What the examples take for granted. */
declare const toast: Record<"success" | "error" | "info", (text: string) => void>;
declare const message: string;
declare const AppContent: () => React.ReactNode;
declare const refetchLeads: () => void;
declare const require: (name: string) => typeof import("@/components/common/CriticalButtons");
declare const lead: {
  readonly id: string;
  readonly firstName: string;
  readonly name: string;
  readonly phone: string;
  readonly status: string;
  readonly appointmentDate: string;
  readonly appointmentTime: string;
};
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
interface Window {
  DEBUG_SYNC?: boolean | undefined;
}
