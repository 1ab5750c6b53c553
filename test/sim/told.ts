import { check } from '../../sim/check.ts'
import { type Decision, decisionObserver, type Observer, Simulation, type SimulationOptions } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, smallTrace } from './small-trace.ts'

interface Names {
  readonly admission?: string
  readonly overcommit?: string
}

/** What the cell did, a line a decision (`5 place 1 on 0`: time, run row, machine row), checked after every event. */
export function told(cell: SmallCell, packing: string, over: Partial<SimulationOptions> = {}, names: Names = {}): string[] {
  const lines: string[] = []
  const observers = (run: Simulation): readonly Observer[] => [
    decisionObserver(run, (decision) => lines.push(inWords(decision))),
    check(run),
  ]
  const simulation = new Simulation(smallTrace(cell), options(packing, over, names), observers)
  while (simulation.step());
  return lines
}

/** Of `told`, only where runs go and whence they are evicted. */
export function moves(cell: SmallCell, packing: string, over: Partial<SimulationOptions> = {}, names: Names = {}): string[] {
  return told(cell, packing, over, names).filter((line) => / (place|evict) /.test(line))
}

function inWords(decision: Decision): string {
  const { kind, time, run } = decision
  if (kind === 'place') return `${time} place ${run} on ${decision.machine}`
  if (kind === 'evict') return `${time} evict ${run} from ${decision.machine}: ${decision.cause}`
  if (kind === 'end') return `${time} end ${run} on ${decision.machine}`
  return `${time} ${kind} ${run}`
}
