/** A score as it is compared: truncated toward zero to a multiple of the step; 0 leaves it as it is. */
export function truncate(score: number, step: number): number {
  return step === 0 ? score : Math.trunc(score / step) * step
}
