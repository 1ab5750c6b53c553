import { basename, dirname } from 'node:path'
import { type End, MAX_DEVICES, NONE, SECOND, type Trace, TraceBuilder, WHOLE_DEVICE } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { findFile, findOptional } from './find-file.ts'
import { type Place, wrongAt } from './place.ts'
import { readAmount, readWithin } from './read-number.ts'
import { readRows } from './read-rows.ts'

export interface AlibabaGpu2023Options {
  /** Name in the folder of the list of machines; by default all 1,523. */
  readonly machinesFile?: string
  /** By default the 1,213 with GPUs. */
  readonly withGpuOnly?: boolean
  /** Name in the folder of the list of tasks; by default the default list of 8,152. */
  readonly tasksFile?: string
}

/** When the trace was collected, seconds: what ends then was still running. */
const COLLECTED = 12_902_960
/** Lowest first. Lists without this column say nothing, and get the commonest. */
const TIERS = ['BE', 'Burstable', 'LS', 'Guaranteed']
const UNKNOWN_TIER = 'LS'

/**
 * Loads Alibaba's cluster-trace-gpu-v2023 (Weng et al., ATC'23): a folder with `openb_node_list_*.csv` and
 * `openb_pod_list_*.csv`. Each pod is a job of one task. One that was deleted while running was killed by its owner; one
 * still running at the collection never ends. Lists of five columns state no times: all arrive at 0, in row order, and
 * never end. Memory in MiB, CPU in milli-CPU, milli-GPU. Throws InputError on bad input.
 */
export async function loadAlibabaGpu2023(path: string, options: AlibabaGpu2023Options = {}): Promise<Trace> {
  const machinesFile = options.machinesFile ? await pick(path, options.machinesFile) : await machineList(path, options.withGpuOnly ?? false)
  const tasksFile = await pick(path, options.tasksFile ?? 'openb_pod_list_default.csv')
  const skipped = new CountBy()
  const builder = new TraceBuilder({
    name: options.tasksFile ? `${basename(path)}/${basename(options.tasksFile).replace(/\.csv(\.gz)?$/, '')}` : basename(path),
    format: 'alibaba-gpu-2023',
    resources: [
      { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
      { name: 'memory', unit: 'MiB', scale: 1024 },
      { name: 'gpu', unit: 'milli-GPU', scale: WHOLE_DEVICE },
    ],
    tiers: TIERS,
  })

  const seen = new Set<string>()
  let devices = 0
  const machines = await readRows(machinesFile, ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model'], (cell, place) => {
    const id = cell('sn')
    if (seen.has(id)) throw wrongAt(place, `duplicate machine: ${id}`)
    seen.add(id)
    const count = readWithin(cell('gpu'), 'number of GPUs', place, { least: 0, most: MAX_DEVICES })
    devices += count
    builder.machine({
      id,
      capacity: [
        Math.round(readAmount(cell('cpu_milli'), 'CPU capacity', place)),
        Math.round(readAmount(cell('memory_mib'), 'memory capacity', place)),
        0,
      ],
      devices: count,
      model: cell('model'),
      present: true,
    })
  })

  const user = builder.user('')
  let neverScheduled = 0
  let censored = 0
  let runs = 0
  let untimed = 0
  let start = Number.POSITIVE_INFINITY
  let end = 0
  const seconds = (text: string, what: string, place: Place) => Math.round(readAmount(text, what, place) * 1e6)
  const tasks = await readRows(tasksFile, ['name', 'cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli'], (cell, place) => {
    const isTimed = cell('creation_time') !== ''
    const isScheduled = cell('scheduled_time') !== ''
    const arrival = isTimed ? seconds(cell('creation_time'), 'creation time', place) : 0
    const deleted = isTimed ? seconds(cell('deletion_time'), 'deletion time', place) : Number.POSITIVE_INFINITY
    const scheduled = isScheduled ? seconds(cell('scheduled_time'), 'scheduled time', place) : arrival
    if (deleted < scheduled || scheduled < arrival) {
      skipped.add('task that ends before it starts')
      return
    }
    const tier = cell('qos') || UNKNOWN_TIER
    if (!TIERS.includes(tier)) throw wrongAt(place, `unknown qos: ${tier} (have ${TIERS.join(', ')})`)
    const count = readWithin(cell('num_gpu'), 'number of GPUs', place, { least: 0, most: MAX_DEVICES })
    const row = builder.class({
      request: [
        Math.round(readAmount(cell('cpu_milli'), 'CPU request', place)),
        Math.round(readAmount(cell('memory_mib'), 'memory request', place)),
        0,
      ],
      devices: count,
      milli: count === 0 ? 0 : readWithin(cell('gpu_milli'), 'milli-GPU', place, { least: 0, most: WHOLE_DEVICE }),
      models: cell('gpu_spec') === '' ? [] : cell('gpu_spec').split('|'),
      priority: 0,
      tier,
    })
    const isOpen = isTimed && isScheduled && deleted >= COLLECTED * 1e6
    const isUnscheduled = isTimed && !isScheduled
    if (!isTimed) untimed++
    else if (isOpen) censored++
    else if (isUnscheduled) neverScheduled++
    const run = builder.run({
      task: builder.task(builder.job(cell('name'), user, tier), 0),
      class: row,
      arrival,
      runTime: isUnscheduled ? Number.NaN : isOpen ? Number.POSITIVE_INFINITY : deleted - scheduled,
      end: !isTimed || isOpen ? 'none' : endOf(cell('pod_phase')),
    })
    runs++
    if (isTimed && isScheduled) builder.recorded(run, NONE, scheduled, isOpen ? Number.POSITIVE_INFINITY : deleted)
    start = Math.min(start, arrival)
    if (isTimed) end = Math.max(end, deleted)
  })

  return builder.trace({
    start: Number.isFinite(start) ? start : 0,
    // A list without times is a cell at one instant, given a second in which to be measured.
    end: untimed > 0 ? Math.max(end, SECOND) : end,
    counts: {
      'task rows': tasks.rows,
      'machine rows': machines.rows,
      machines: machines.rows,
      GPUs: devices,
      jobs: runs,
      tasks: runs,
      runs,
      'never scheduled': neverScheduled,
      censored,
      ...(untimed > 0 && { 'tasks without times, which never end': untimed }),
      ...(!tasks.columns.includes('qos') && { [`tasks without qos, taken as ${UNKNOWN_TIER}`]: runs }),
    },
    skipped: skipped.done(),
  })
}

function endOf(phase: string): End {
  if (phase === 'Failed') return 'fail'
  return phase === 'Succeeded' ? 'finish' : 'kill'
}

/** The list of all machines or of those with GPUs; the other where a folder has only that. */
async function machineList(folder: string, withGpuOnly: boolean): Promise<string> {
  const [all, gpu] = ['openb_node_list_all_node.csv', 'openb_node_list_gpu_node.csv']
  const [wanted, other] = withGpuOnly ? [gpu, all] : [all, gpu]
  return (await findOptional(folder, wanted)) ?? (await findOptional(folder, other)) ?? findFile(folder, wanted)
}

/** A list by its path, or by its name in the folder or here, with or without `.csv` and `.gz`. */
async function pick(folder: string, name: string): Promise<string> {
  const named = [basename(name), `${basename(name.replace(/\.gz$/, '').replace(/\.csv$/, ''))}.csv`]
  const places = name.includes('/') ? [dirname(name)] : [folder, '.']
  for (const place of places) {
    for (const file of named) {
      const found = await findOptional(place, file)
      if (found !== null) return found
    }
  }
  return findFile(places[0], named[1])
}
