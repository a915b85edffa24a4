import { lazy } from "react";

/** What is fetched when it is first opened. */
export const LazyPalette = lazy(() => import("./palette"));
export const LazyPersonCard = lazy(() => import("@/features/person/person-card"));
export const LazyBookingCard = lazy(() => import("@/features/booking/booking-card"));
