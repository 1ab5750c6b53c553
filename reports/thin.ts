/** At most `most` of the indexes below `length`, evenly spread, the first and last always among them. */
export function thin(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)))
}
