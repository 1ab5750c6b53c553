import { AsRecorded, ENDS, NONE, type Observer, type Run, SECOND, type Shortages, STATES, shortages, type Trace } from '../sim/index.ts'
import { taskName } from './run-log.ts'

/** How many of the machines with room are named, best first. */
const NAMED = 5

/** Tells the life of a task's runs in sentences: what it asks for, where it could go, why it went there, or what was short where. */
export function explainTask(run: Run, trace: Trace, rows: ReadonlySet<number>, tell: (line: string) => void): Observer {
  const { cell } = run
  const { tasks } = cell
  const isAbout = (task: number) => rows.has(tasks.run[task])
  const say = (text: string) => tell(`${clock((run.now - trace.start) / SECOND)}  ${text}`)
  let waitsFor = ''
  let saidToWaitFor = ''
  const introduced = new Set<number>()
  const introduce = (task: number) => {
    if (introduced.has(tasks.run[task])) return
    introduced.add(tasks.run[task])
    const taskClass = tasks.class[task]
    const wants = cell.resources.flatMap((name, r) =>
      cell.request[r][taskClass] > 0 ? [`${name} ${amount(trace, name, cell.request[r][taskClass])}`] : [],
    )
    const tier = trace.tiers[trace.classes.tier[taskClass]]
    tell(
      `${taskName(trace, tasks.run[task])}, run row ${tasks.run[task]}: ${tier} tier, priority ${trace.classes.priority[taskClass]}, asks for ${wants.join(', ') || 'nothing'}`,
    )
  }
  return {
    arrived: (task) => {
      if (!isAbout(task)) return
      introduce(task)
      say('arrives')
    },
    deciding: (task) => {
      if (!isAbout(task) || run instanceof AsRecorded) return
      introduce(task)
      const taskClass = tasks.class[task]
      const found = shortages(cell, taskClass)
      waitsFor = shortOf(found)
      if (found.roomy === 0) return
      const { machines, scores, terms } = run.allocator.rank(taskClass)
      const candidates = Array.from(machines, (machine, i) => ({
        machine,
        score: scores[i],
        terms: [...terms].map(([name, added]) => `${name} ${added[i]}`).join(' + '),
      }))
      candidates.sort((a, b) => b.score - a.score || a.machine - b.machine)
      const best = candidates
        .slice(0, NAMED)
        .map(
          ({ machine, score, terms: sum }) => `${trace.machines.id[machine]} (score ${Number(score.toPrecision(6))}${sum && ` = ${sum}`})`,
        )
      say(`${found.roomy} of ${found.machines} machines have room${waitsFor ? `; short: ${waitsFor}` : ''}`)
      say(`best: ${best.join(', ')}`)
    },
    waits: (task) => {
      if (!isAbout(task) || waitsFor === saidToWaitFor) return
      saidToWaitFor = waitsFor
      say(`waits: no machine has room; short: ${waitsFor}`)
    },
    placed: (task, machine) => {
      if (!isAbout(task)) return
      introduce(task)
      saidToWaitFor = ''
      const waited = (run.now - tasks.waitingSince[task]) / SECOND
      say(
        `goes to ${machine === NONE ? 'a machine that the trace does not name' : trace.machines.id[machine]}${waited > 0 ? ` after waiting ${clock(waited)}` : ''}`,
      )
    },
    evicted: (task, cause) => isAbout(task) && say(`is evicted from ${trace.machines.id[tasks.machine[task]]}: ${cause}`),
    ended: (task) => isAbout(task) && say(`ends: ${ENDS[tasks.end[task]]}`),
    turnedAway: (task) => isAbout(task) && say('is turned away: its job was rejected'),
    neverPlaceable: (task) =>
      isAbout(task) &&
      say(`fits no machine of this cell, even an empty one; short: ${run.placeable.shortOf(tasks.class[task]).join(', ')}`),
    closed: () => {
      for (let task = 0; task < tasks.count; task++) {
        if (tasks.state[task] === STATES.gone || !isAbout(task)) continue
        if (tasks.machine[task] !== NONE) say(`still runs on ${trace.machines.id[tasks.machine[task]]} as the window closes`)
        else say(`still waits as the window closes; short: ${shortOf(shortages(cell, tasks.class[task]))}`)
      }
    },
  }
}

function shortOf({ short, machines }: Shortages): string {
  return Object.entries(short)
    .map(([what, count]) => `${what} on ${count} of ${machines}`)
    .join(', ')
}

function amount(trace: Trace, name: string, units: number): string {
  const resource = trace.resources.find((one) => one.name === name)
  return String(Number((units / (resource?.scale ?? 1)).toPrecision(6)))
}

/** `1:02:03.5` */
function clock(seconds: number): string {
  const rest = seconds % 60
  return `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${rest < 10 ? '0' : ''}${Number(rest.toFixed(3))}`
}
