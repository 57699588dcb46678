import dayjs from "dayjs";

/** The working days on which a parcel may arrive. */
export interface DeliveryWindow {
  readonly from: Date;
  readonly to: Date;
}

const FASTEST = 2;
const SLOWEST = 4;

function addWorkingDays(start: dayjs.Dayjs, count: number): dayjs.Dayjs {
  let day = start;
  for (let left = count; left > 0; ) {
    day = day.add(1, "day");
    const weekend = day.day() === 0 || day.day() === 6;
    left -= weekend ? 0 : 1;
  }
  return day;
}

/** When an order placed at the given moment arrives. */
export function deliveryWindow(placedAt: Date): DeliveryWindow {
  const start = dayjs(placedAt).startOf("day");
  return {
    from: addWorkingDays(start, FASTEST).toDate(),
    to: addWorkingDays(start, SLOWEST).toDate(),
  };
}
