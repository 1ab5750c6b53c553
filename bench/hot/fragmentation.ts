import { Fragmentation, overcommitPolicies } from '../../policies/index.ts'
import { Cell, randomStream } from '../../sim/index.ts'
import { generateTrace } from '../../workloads/index.ts'
import type { Case } from './case.ts'

/** The fragmentation of one machine after another of a GPU cell, each as its tasks of the opening leave it. */
export async function fragmentation(): Promise<readonly Case[]> {
  const trace = generateTrace('openb', { machines: 1000, days: 0.05, seed: 1 })
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const { runs, tasks } = trace
  for (let run = 0; run < runs.count; run++) {
    const machine = run % trace.machines.count
    if (!cell.fits(runs.class[run], machine)) continue
    const task = cell.tasks.add(run, runs.class[run], tasks.job[runs.task[run]], 0)
    cell.place(task, machine, cell.pickDevices(runs.class[run], machine))
  }
  const measure = new Fragmentation(cell.view(0, randomStream(1, 'bench')))
  const machine = measure.blank()
  const causes = new Float64Array(5)
  let row = 0
  const next = () => {
    row = (row + 1) % trace.machines.count
    measure.read(row, machine)
  }
  return [
    {
      name: 'amount',
      run: () => {
        next()
        return measure.amount(machine)
      },
    },
    {
      name: 'by cause',
      run: () => {
        next()
        measure.addByCause(machine, causes, 1)
      },
    },
  ]
}
