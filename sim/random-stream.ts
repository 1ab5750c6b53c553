import seedrandom from 'seedrandom'

/** Draws uniformly from [0, 1). */
export type RandomStream = () => number

/**
 * The stream of chance for one purpose: the same (seed, purpose) gives the same draws, and a draw added to one
 * purpose moves no other. Alea, 32 bits a draw.
 */
export function randomStream(seed: number, purpose: string): RandomStream {
  return seedrandom.alea(`${seed}/${purpose}`)
}
