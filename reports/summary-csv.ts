import { stringify } from 'csv-stringify/sync'
import type { Comparison, Row } from '../experiments/index.ts'
import { evictions } from './table.ts'

type Cell = string | number | null | undefined

/** A row a run, numbers in full; what does not apply is empty. New columns come last, so that readers by position keep working. */
export function summaryCsv(comparison: Comparison): string {
  const measured = columns(comparison)
  const rows = comparison.rows.map((row) => measured.map(([, value]) => filled(value(row))))
  // A name that begins like a formula would be run by a spreadsheet that opens the file.
  return stringify([measured.map(([name]) => name), ...rows], { escape_formulas: true })
}

/** 17 digits at most, as JavaScript prints them, so that reading it back gives the same number. */
const filled = (value: Cell): string | number =>
  value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? '' : value

function columns({ trace }: Comparison): [string, (row: Row) => Cell][] {
  const allocated = (resource: string) => (row: Row) => row.result.utilisation[resource]?.allocated
  const known = ['cpu', 'memory', 'gpu']
  const names = trace.resources.map((resource) => resource.name)
  return [
    ['trace', () => trace.name],
    ['admission', (row) => row.admission],
    ['packing', (row) => row.packing],
    ['overcommit', (row) => row.overcommit],
    ['tie', (row) => row.tie],
    ['preemption', (row) => row.preemption],
    ['seed', (row) => row.seed],
    ['machines', ({ result }) => result.machines],
    ['tasks', ({ result }) => result.tasks],
    ['placed', ({ result }) => result.placed],
    ['never_placeable', ({ result }) => result.neverPlaceable],
    ['evictions', ({ result }) => evictions(result.evictions)],
    ['machines_needed', (row) => row.machinesNeeded?.machines],
    ['wait_mean_s', ({ result }) => waited(result.wait.all, 'mean')],
    ['wait_p50_s', ({ result }) => waited(result.wait.all, 'p50')],
    ['wait_p99_s', ({ result }) => waited(result.wait.all, 'p99')],
    ...known.map((resource): [string, (row: Row) => Cell] => [`${resource}_allocated_mean`, allocated(resource)]),
    ...names
      .filter((name) => !known.includes(name))
      .map((name): [string, (row: Row) => Cell] => [`${name}_allocated_mean`, allocated(name)]),
    ...names.map((name): [string, (row: Row) => Cell] => [`${name}_allocated_peak`, ({ result }) => result.utilisation[name]?.peak]),
    ...names.map((name): [string, (row: Row) => Cell] => [`${name}_stranded_mean`, ({ result }) => result.utilisation[name]?.stranded]),
    ['deterministic', (row) => String(row.deterministic)],
    ['jobs', ({ result }) => result.jobs],
    ['runs', ({ result }) => result.runs],
    ['pending', ({ result }) => result.pending],
    ['running', ({ result }) => result.running],
    ['finished', ({ result }) => result.ended.finish],
    ['failed', ({ result }) => result.ended.fail],
    ['killed', ({ result }) => result.ended.kill],
    ['admitted', ({ result }) => result.admission.admitted],
    ['held', ({ result }) => result.admission.held],
    ['rejected', ({ result }) => result.admission.rejected],
    ['work_lost_s', ({ result }) => result.workLost],
    ['overfull_machine_s', ({ result }) => result.overfull],
    [
      'machines_needed_lower_bound',
      (row) => (row.machinesNeeded === null ? null : Math.max(...Object.values(row.machinesNeeded.lowerBound))),
    ],
    ['machines_needed_tasks', (row) => row.machinesNeeded?.tasks],
    ['wait_mean_at_least_s', ({ result }) => waited(result.wait.all, 'meanAtLeast')],
    ['wait_p90_s', ({ result }) => waited(result.wait.all, 'p90')],
    ['wait_max_s', ({ result }) => waited(result.wait.all, 'max')],
    ['wait_censored', ({ result }) => result.wait.all?.censored],
    ['wait_after_eviction_mean_s', ({ result }) => waited(result.waitAfterEviction, 'mean')],
    ['slowdown_mean', ({ result }) => waited(result.slowdown, 'mean')],
    ['makespan_s', ({ result }) => result.makespan],
  ]
}

/** Of no wait at all there is no mean: empty, where a zero would claim that nobody had to wait. */
const waited = (
  distribution: Row['result']['wait'][string] | undefined,
  measure: 'mean' | 'meanAtLeast' | 'p50' | 'p90' | 'p99' | 'max',
): Cell =>
  distribution === undefined || (distribution.count === 0 && (measure !== 'meanAtLeast' || distribution.censored === 0))
    ? null
    : distribution[measure]
