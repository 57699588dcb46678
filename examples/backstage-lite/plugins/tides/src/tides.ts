/** A turn of the water: `HH:MM`, and the height above chart datum. */
export interface Tide {
  readonly time: string;
  readonly metres: number;
}

export const DAYS = {
  Today: [
    { time: "03:12", metres: 0.6 },
    { time: "09:24", metres: 4.1 },
    { time: "15:40", metres: 0.8 },
    { time: "21:51", metres: 4.3 },
  ],
  Tomorrow: [
    { time: "03:58", metres: 0.5 },
    { time: "10:10", metres: 4.2 },
    { time: "16:27", metres: 0.7 },
    { time: "22:36", metres: 4.4 },
  ],
} as const satisfies Readonly<Record<string, readonly Tide[]>>;
