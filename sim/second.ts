/** One second in microseconds, the unit of time. */
export const SECOND = 1_000_000
