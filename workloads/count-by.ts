/** Counts by name in the order of first use: what was read, or what was left out and why. */
export class CountBy {
  private readonly counts = new Map<string, number>()

  add(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count)
  }

  /** As the trace shows them; what was counted but never seen is not there. */
  done(): Record<string, number> {
    return Object.fromEntries([...this.counts].filter(([, count]) => count > 0))
  }
}
