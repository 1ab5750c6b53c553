/** The two functions used here of a package that ships no types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t. */
      inv(probability: number, degreesOfFreedom: number): number
      cdf(t: number, degreesOfFreedom: number): number
    }
  }
  export = jStat
}
