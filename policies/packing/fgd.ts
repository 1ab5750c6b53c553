import type { PackingPolicy } from '../../sim/index.ts'
import { Fragmentation } from '../fragmentation.ts'

/**
 * Fragmentation gradient descent: 100 · σ((F before − F after) / 1000 milli-GPU), F as in `Fragmentation`, σ the logistic function;
 * a share of one device goes to the device where that is highest. Weng et al., "Beware of Fragmentation" (ATC '23), section
 * 4.3 and artifact, which truncates scores to integers: `--score-step 1`.
 */
export const fgd: PackingPolicy = {
  sentence: 'Keeps free GPU usable by the commonest tasks: the machine and device where fragmentation grows least (FGD).',
  source: 'Weng et al., "Beware of Fragmentation" (ATC 2023), section 4.3 and artifact',
  cells: 'gpu',
  create: (cell) => {
    const { classes, fullestDevices, truncate } = cell
    const fragmentation = new Fragmentation(cell)
    const cpu = classes.request.cpu ?? new Float64Array(classes.count)
    const machine = fragmentation.blank()

    const descent = (before: number) => 100 / (1 + Math.exp((fragmentation.amount(machine) - before) / (1000 * fragmentation.tasks)))

    const withTaskOn = (device: number, milli: number, before: number) => {
      machine.milli[device] -= milli
      const score = descent(before)
      machine.milli[device] += milli
      return score
    }

    return {
      score: (taskClass, row) => {
        const milli = classes.milli[taskClass]
        fragmentation.read(row, machine)
        const before = fragmentation.amount(machine)
        machine.cpu -= cpu[taskClass]
        if (classes.devices[taskClass] !== 1) {
          const { milli: free, devices } = machine
          const taken = fullestDevices(free, 0, devices, classes.devices[taskClass], milli)
          for (let d = 0; d < devices; d++) if (taken & (1 << d)) free[d] -= milli
          return descent(before)
        }
        let best = 0
        for (let d = 0; d < machine.devices; d++) {
          const isLikeOneBefore = d > 0 && machine.milli[d] === machine.milli[d - 1]
          if (machine.milli[d] >= milli && !isLikeOneBefore) best = Math.max(best, withTaskOn(d, milli, before))
        }
        return best
      },
      device: (taskClass, row) => {
        const milli = classes.milli[taskClass]
        fragmentation.read(row, machine)
        const before = fragmentation.amount(machine)
        machine.cpu -= cpu[taskClass]
        let best = 0
        let bestScore = -1
        for (let d = 0; d < machine.devices; d++) {
          if (machine.milli[d] < milli) continue
          const score = truncate(withTaskOn(d, milli, before))
          if (score <= bestScore) continue
          best = d
          bestScore = score
        }
        return best
      },
    }
  },
}
