import type { Combination, Comparison, Contrast, MachinesNeeded, MachinesNeededTrial, Row } from '../../experiments/index.ts'
import type { CellPicture, Distribution, RunResult } from '../../sim/index.ts'

export interface FixtureOptions {
  readonly policies?: readonly string[]
  readonly seeds?: number
  readonly machines?: number
  readonly instants?: number
  readonly samples?: number
  /** One for each policy after the first; the last is repeated. */
  readonly verdicts?: readonly Contrast['verdict'][]
  readonly withMachinesNeeded?: boolean
}

const RESOURCES = ['cpu', 'memory', 'gpu'] as const
const TIERS = ['best effort batch', 'mid', 'production'] as const
const HOURS = 168

/** A number in [0, 1) that depends on its arguments alone and looks like noise. */
function noise(a: number, b = 0, c = 0, d = 0): number {
  const x = Math.sin(a * 12.9898 + b * 78.233 + c * 37.719 + d * 4.581 + 1) * 43_758.5453
  return Math.round((x - Math.floor(x)) * 1e6) / 1e6
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4

/** How busy the cell is, by the hour. */
const load = (hour: number): number => 0.55 + 0.2 * Math.sin((hour / 24) * 2 * Math.PI) + 0.0008 * hour

/** A made-up comparison, the first policy the best and each later one a little worse: small by default, as large as a look at the page needs. */
export function fixture(options: FixtureOptions = {}): Comparison {
  const { policies = ['best-fit', 'dot-product', 'first-fit', 'random'], seeds = 3, withMachinesNeeded = true } = options
  const all = policies.map((packing): Combination => ({ admission: 'none', packing, overcommit: 'none' }))
  const needed = withMachinesNeeded ? all.map((combination, p) => machinesNeeded(combination, p, options)) : []
  return {
    stowage: '0.1.0',
    command: 'compare',
    trace: {
      name: 'borg-week',
      path: 'traces/borg week',
      format: 'google-2019',
      resources: [
        { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
        { name: 'memory', unit: 'MiB', scale: 1024 },
        { name: 'gpu', unit: 'milli-GPU', scale: 1000 },
      ],
      tiers: TIERS,
      windowSeconds: HOURS * 3600,
      counts: { rows: 184_220, jobs: 4_812, tasks: 61_407, runs: 63_950 },
      skipped: { 'end without a submission': 12, 'never scheduled': 843 },
    },
    options: {
      packing: policies.join(','),
      seeds,
      tie: 'lowest-id',
      preemption: 'priority',
      'warm-up': '1h',
      load: 1,
      'as-recorded': false,
      machines: null,
    },
    rows: all.flatMap((combination, p) =>
      Array.from({ length: seeds }, (_, seed) => row(combination, p, seed, options, needed[p]?.trials[seed] ?? null)),
    ),
    machinesNeeded: needed,
    contrasts: all.slice(1).map((other, i) => contrast(all[0] ?? other, other, i + 1, options)),
  }
}

function machinesNeeded(combination: Combination, p: number, { seeds = 3, machines = 40, policies }: FixtureOptions): MachinesNeeded {
  const low = Math.round(machines * 0.7)
  const trials = Array.from({ length: seeds }, (_, seed): MachinesNeededTrial => {
    const count = policies?.[p] === 'worst-fit' ? null : Math.round(machines * (0.72 + 0.018 * p + 0.03 * noise(seed, 3)) + noise(p, seed))
    return { seed, machines: count, lowerBound: { cpu: low - 1, memory: low, gpu: Math.round(low / 2) }, tasks: machines * 12 }
  })
  const counts = trials.flatMap((trial) => trial.machines ?? []).sort((a, b) => a - b)
  const whole = counts.length === trials.length
  return {
    ...combination,
    trials,
    p90: whole ? (counts[Math.ceil(0.9 * counts.length) - 1] ?? null) : null,
    min: whole ? (counts[0] ?? null) : null,
    max: whole ? (counts.at(-1) ?? null) : null,
    mean: whole ? round(counts.reduce((sum, count) => sum + count, 0) / counts.length) : null,
    lowerBound: low,
  }
}

function contrast(
  best: Combination,
  other: Combination,
  p: number,
  { seeds = 3, machines = 40, verdicts = ['better'], withMachinesNeeded = true }: FixtureOptions,
): Contrast {
  const verdict = verdicts[Math.min(p, verdicts.length) - 1] ?? 'better'
  const size = withMachinesNeeded ? round(machines * 0.018 * p) : 40 * p
  const difference = verdict === 'equal' ? 0 : size
  const interval: readonly [number, number] | null =
    verdict === 'better' ? [round(size * 0.6), round(size * 1.4)] : verdict === 'noise' ? [round(-size * 0.3), round(size * 2.3)] : null
  const p0 = verdict === 'better' ? 0.0004 : verdict === 'noise' ? 0.21 : null
  return {
    measure: withMachinesNeeded ? 'machines_needed' : 'wait_mean_at_least_s',
    best,
    other,
    seeds,
    difference,
    interval,
    p: p0,
    holm: p0 === null ? null : Math.min(1, p0 * 3),
    verdict,
  }
}

function row(combination: Combination, p: number, seed: number, options: FixtureOptions, trial: MachinesNeededTrial | null): Row {
  return {
    ...combination,
    tie: 'lowest-id',
    preemption: 'priority',
    seed,
    deterministic: combination.packing !== 'random',
    result: result(p, seed, options),
    machinesNeeded: trial,
  }
}

function result(p: number, seed: number, { machines = 40, samples = 25, instants = 4 }: FixtureOptions): RunResult {
  const time = Array.from({ length: samples }, (_, i) => Math.round((i * HOURS * 3600) / (samples - 1)))
  const hour = time.map((seconds) => seconds / 3600)
  const shares = (resource: number) =>
    hour.map((h, i) => round(Math.min(1, load(h) * ([1, 0.85, 0.5][resource] ?? 1) * (1 - 0.004 * p) + 0.02 * noise(i, p, resource))))
  return {
    machines,
    jobs: 4_812,
    tasks: 61_407,
    runs: 63_950,
    placed: 63_107 - 11 * p - seed,
    neverPlaceable: 7,
    neverPlaceableBy: { memory: 7 },
    pending: 20 + 9 * p,
    running: machines * 11,
    ended: { finish: 48_000, fail: 4_000, kill: 9_000 },
    admission: { admitted: 4_800, held: 0, rejected: 12 },
    rejectedBy: { quota: 12 },
    evictions: {
      'best effort batch': { preempted: 800 + 160 * p + 12 * seed, 'machine removed': 90 },
      mid: { preempted: 60 + 9 * p + seed, 'machine removed': 22 },
      production: { 'machine removed': 5 },
    },
    workLost: 91_000 + 8_000 * p,
    utilisation: Object.fromEntries(
      RESOURCES.map((name, r) => [
        name,
        {
          allocated: round([0.61, 0.52, 0.31][r] ?? 0) - round(0.002 * p),
          peak: 0.83,
          stranded: round(0.03 + 0.012 * p * (r + 1) + 0.01 * noise(seed, p)),
        },
      ]),
    ),
    overfull: 0,
    wait: {
      all: wait(p, 1, 63_000),
      'best effort batch': wait(p, 1.6, 40_000),
      mid: wait(p, 0.6, 18_000),
      production: wait(p, 0, 5_000),
    },
    waitAfterEviction: wait(p, 1.2, 900),
    slowdown: { ...wait(p, 0, 61_000), mean: 1.08 + 0.02 * p, p50: 1, p90: 1.1, p99: 3.4 + p, max: 91 },
    makespan: HOURS * 3600,
    series: {
      time,
      allocated: Object.fromEntries(RESOURCES.map((name, r) => [name, shares(r)])),
      stranded: Object.fromEntries(RESOURCES.map((name) => [name, time.map(() => 0.05)])),
      running: time.map(() => machines * 11),
      pending: hour.map((h, i) => Math.max(0, Math.round((load(h) - 0.65) * 900 * (1 + 0.2 * p) + 30 * (noise(i, p) - 0.5)))),
      machines: time.map(() => machines),
    },
    picture: seed === 0 ? picture(p, machines, instants) : null,
  }
}

/** Tasks that did not wait at all, and a tail that grows with the policy's number. */
function wait(p: number, scale: number, count: number): Distribution {
  const zero = 0.86 - 0.03 * p
  const value = scale === 0 ? [0] : [0, ...Array.from({ length: 60 }, (_, i) => round(scale * (1 + 0.25 * p) * 1.17 ** i))]
  const share = value.map((_, i) => (scale === 0 ? 1 : round(zero + (1 - zero) * (1 - (1 - i / 60) ** 2))))
  return scale === 0
    ? { count, censored: 0, mean: 0, meanAtLeast: 0, p50: 0, p90: 0, p99: 0, max: 0, curve: { value, share } }
    : {
        count,
        censored: 20 + 9 * p,
        mean: round(200 * scale * (1 + 0.2 * p)),
        meanAtLeast: round(210 * scale * (1 + 0.2 * p)),
        p50: 0,
        p90: round(90 * scale),
        p99: round(3_900 * scale * (1 + 0.2 * p)),
        max: value.at(-1) ?? 0,
        curve: { value, share },
      }
}

/** Policies that pack tightly fill the low machines first; worse ones spread. One machine in 40 is away at first, every fourth has GPUs. */
function picture(p: number, machines: number, instants: number): CellPicture {
  const time = Array.from({ length: instants }, (_, i) => Math.round(((i + 0.5) * HOURS * 3600) / instants))
  const bytes = (resource: number): string => {
    const used = new Uint8Array(machines * instants)
    time.forEach((seconds, t) => {
      for (let m = 0; m < machines; m++) {
        const wanted = load(seconds / 3600) * (1 - 0.25 * resource * 0.5)
        const tight = Math.min(1, Math.max(0, (wanted * 1.25 - m / machines) * 4))
        const spread = wanted * (0.6 + 0.8 * noise(m, t, p))
        const share = tight + (spread - tight) * Math.min(1, 0.15 + 0.13 * p)
        const absent = (m % 40 === 17 && t < instants / 3) || (resource === 2 && m % 4 !== 0)
        used[t * machines + m] = absent ? 255 : Math.round(100 * Math.min(1.1, share * (0.88 + 0.14 * noise(m, resource))))
      }
    })
    return Buffer.from(used).toString('base64')
  }
  return {
    time,
    machine: Array.from({ length: machines }, (_, m) => `m-${m}`),
    used: Object.fromEntries(RESOURCES.map((name, r) => [name, bytes(r)])),
  }
}
