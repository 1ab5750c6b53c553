import { join } from 'node:path'
import { Command } from 'commander'
import { type FillCurve, type Filling, type FillPlan, fill, fillContrasts } from '../experiments/index.ts'
import { FRAGMENT_CAUSES } from '../policies/index.ts'
import { fillCsv, makeFolder, terminalFillTable, writeFill } from '../reports/index.ts'
import { InputError, TIES, type Trace } from '../sim/index.ts'
import { generateTrace, openTrace } from '../workloads/index.ts'
import { progress } from './progress.ts'
import { readProfile } from './read-profile.ts'
import { MOST_MACHINES, readChoice, readCount, readList, readShareAbove } from './read-value.ts'
import { FORMS } from './run-comparison.ts'
import type { PrintOptions } from './run-options.ts'
import { unfinished } from './unfinished.ts'
import { version } from './version.ts'

/** The policies of the FGD paper. */
const PACKING = 'fgd,fgd-best-fit,gpu-packing,gpu-clustering,fgd-dot-product,fgd-random'
const GENERAL = 'best-fit,first-fit,worst-fit,random'

/** What of a fill moves its results, as typed. */
interface FillRequest {
  readonly to: string
  readonly packing?: string
  readonly tie: string
  readonly scoreStep: string
  readonly seeds: string
  readonly seed: string
  readonly resource?: string
  readonly tasks?: string
  readonly machineList?: string
  readonly machines?: string
  readonly shape?: string
  readonly format?: string
}

/** `stowage fill TRACE`: tasks submitted one by one, regardless of time, until the cell is over-full. */
export function fillCommand(): Command {
  return new Command('fill')
    .description('submit tasks one by one, regardless of time, until the cell is over-full: how much of it does each policy allocate?')
    .argument('[trace]', 'a trace file or folder, or a built-in profile with settings', 'openb:machines=300')
    .option('--to <share>', 'stop when requests come to this share of the cell', '130%')
    .option('--packing <policies>', 'packing policies, separated by commas; by default those of the FGD paper, or some general ones')
    .option('--tie <rules>', `among equally good machines: ${TIES.join(', ')}; several with commas`, 'seeded-order')
    .option('--score-step <step>', 'truncate scores to multiples of this before they are compared; 0 compares them as they are', '1')
    .option('--seeds <n>', 'how many seeds', '10')
    .option('--seed <n>', 'the first seed', '1')
    .option('--resource <name>', 'the resource that is counted; by default gpu where there are GPUs, else cpu')
    .option('--tasks <files>', 'alibaba-gpu-2023: lists of tasks, names in the folder or paths, separated by commas')
    .option('--machine-list <file>', 'alibaba-gpu-2023: which list of machines; by default that of machines with GPUs')
    .option('--machines <n>', 'for traces without machines: how many')
    .option('--shape <amounts>', 'for traces without machines: what each of --machines has, as cpu=64,memory=1')
    .option('--format <name>', 'the format of the trace; recognised by its look where not given')
    .option('--processes <n>', 'worker threads (all cores where not given); results do not depend on it')
    .option('--out <folder>', 'where results and report go', 'out')
    .option('--format-out <form>', 'what is printed: table, csv or json', 'table')
    .option('--quiet', 'print nothing but errors', false)
    .action(async (path: string, { out, formatOut, quiet, processes, ...request }: FillRequest & PrintOptions) => {
      await runFill(path, request, { out, formatOut, quiet, processes })
    })
}

async function runFill(path: string, request: FillRequest, print: PrintOptions): Promise<void> {
  const form = readChoice('--format-out', FORMS, print.formatOut)
  const processes = print.processes === undefined ? undefined : readCount('--processes', print.processes)
  const began = performance.now()
  const plan = await planFill(path, request)
  await makeFolder(print.out)
  const kept = await unfinished<FillCurve>(print.out, plan)
  const bar = progress(print.quiet)
  const runs = await fill(plan, { processes, progress: bar.show, kept }).finally(bar.stop)
  const [{ trace }] = plan.lists
  const resource = trace.resources.findIndex(({ name }) => name === plan.resource)
  const percents = [...new Set([Math.min(100, Math.round(plan.to * 100)), Math.round(plan.to * 100)])]
  const filling: Filling = {
    stowage: version,
    command: 'fill',
    trace: {
      path,
      format: trace.format,
      machines: trace.machines.count,
      resource: plan.resource,
      capacity: trace.machines.capacity[resource].reduce((sum, one) => sum + one, 0) / trace.resources[resource].scale,
      lists: plan.lists.map(({ name, trace: { tasks } }) => ({ name, tasks: tasks.count })),
    },
    options: Object.fromEntries(Object.entries({ ...request, packing: plan.packing.join() }).map(([name, value]) => [name, value ?? null])),
    percents,
    causes: plan.resource === 'gpu' ? FRAGMENT_CAUSES : [],
    runs,
    contrasts: fillContrasts(plan, runs, percents),
  }
  await writeFill(filling, print.out)
  await kept.clear()
  if (print.quiet) return
  if (form === 'csv') process.stdout.write(fillCsv(filling))
  else if (form === 'json') process.stdout.write(`${JSON.stringify(filling, null, 1)}\n`)
  else {
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${terminalFillTable(filling)}\nReport: ${join(print.out, 'report.html')}   ${seconds} s\n`)
  }
}

async function planFill(path: string, request: FillRequest): Promise<FillPlan> {
  const lists = await readLists(path, request)
  const [{ trace }] = lists
  const constrained = trace.resources.filter(({ constrains }) => constrains).map(({ name }) => name)
  const byDefault = constrained.includes('gpu') ? 'gpu' : (constrained[0] ?? '')
  const resource = readChoice('--resource', constrained, request.resource ?? byDefault)
  const first = readCount('--seed', request.seed, 0, 1e15)
  const scoreStep = Number(request.scoreStep)
  if (!(scoreStep >= 0 && Number.isFinite(scoreStep))) throw new InputError(`--score-step: not a number from 0: ${request.scoreStep}`)
  for (const { name, trace } of lists) {
    const row = trace.resources.findIndex((one) => one.name === resource)
    if (row < 0 || !trace.classes.request[row].some((amount) => amount > 0))
      throw new InputError(`${name}: no task asks for ${resource}, so nothing fills the cell (--resource names another)`)
  }
  return {
    lists,
    packing: readList('--packing', request.packing ?? (resource === 'gpu' ? PACKING : GENERAL)),
    ties: readList('--tie', request.tie).map((tie) => readChoice('--tie', TIES, tie)),
    seeds: Array.from({ length: readCount('--seeds', request.seeds, 1, 10_000) }, (_, i) => first + i),
    scoreStep,
    resource,
    to: readShareAbove('--to', request.to, 100),
  }
}

/** The cell with each list of tasks. */
async function readLists(path: string, request: FillRequest): Promise<FillPlan['lists']> {
  const profile = readProfile(path)
  if (profile) {
    for (const option of ['tasks', 'machineList', 'shape', 'machines'] as const)
      if (request[option] !== undefined)
        throw new InputError(`--${option === 'machineList' ? 'machine-list' : option}: a built-in profile has none`)
    return [{ name: path, trace: generateTrace(profile.profile, { ...profile.options, seed: readCount('--seed', request.seed, 0, 1e15) }) }]
  }
  const open = async (tasksFile?: string): Promise<Trace> =>
    openTrace(path, {
      format: request.format,
      tasksFile,
      machinesFile: request.machineList,
      withGpuOnly: true,
      shape: request.shape,
      ...(request.machines !== undefined && { machines: readCount('--machines', request.machines, 1, MOST_MACHINES) }),
    })
  if (request.tasks === undefined) {
    const trace = await open()
    return [{ name: trace.format === 'alibaba-gpu-2023' ? 'default' : trace.name, trace }]
  }
  const files = readList('--tasks', request.tasks)
  return Promise.all(files.map(async (file) => ({ name: listName(file), trace: await open(file) })))
}

/** `openb_pod_list_cpu250.csv` is `cpu250`. */
const listName = (file: string): string =>
  file
    .replace(/^.*\//, '')
    .replace(/\.csv(\.gz)?$/, '')
    .replace(/^openb_pod_list_/, '')
