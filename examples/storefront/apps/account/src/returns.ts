import dayjs from "dayjs";

const RETURN_DAYS = 30;

/** The last day on which an order placed at the given moment can be sent back. */
export function returnDeadline(placedAt: Date): Date {
  return dayjs(placedAt).startOf("day").add(RETURN_DAYS, "day").toDate();
}

/** Whole days from the given moment's day to the deadline's. */
export function daysLeft(deadline: Date, now: Date): number {
  return dayjs(deadline).startOf("day").diff(dayjs(now).startOf("day"), "day");
}
