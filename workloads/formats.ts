import { basename } from 'node:path'
import type { Trace } from '../sim/index.ts'
import { loadAlibaba2017 } from './alibaba-2017.ts'
import { loadAlibabaGpu2023 } from './alibaba-gpu-2023.ts'
import { loadCsv } from './csv.ts'
import { loadGoogle2011 } from './google-2011.ts'
import { isManifest } from './kubernetes/read-objects.ts'
import { loadKubernetes } from './kubernetes.ts'
import { loadPhilly } from './philly.ts'
import { isStored } from './stored-head.ts'
import { loadStored } from './stored-trace.ts'
import { loadSwf } from './swf.ts'

/** What a user may say about a trace beyond its path; each loader takes what it understands. */
export interface LoadOptions {
  /** alibaba-2017 and swf: how many machines. */
  readonly machines?: number
  /** alibaba-2017 and swf: what each machine has, as `cpu=64,memory=1`. */
  readonly shape?: string
  /** alibaba-gpu-2023: which list of machines: a file's name in the folder, or a path. */
  readonly machinesFile?: string
  /** alibaba-gpu-2023: which list of tasks: a file's name in the folder, or a path. */
  readonly tasksFile?: string
  /** alibaba-gpu-2023: where no list of machines is named, that of the machines with GPUs. */
  readonly withGpuOnly?: boolean
}

export interface Format {
  /** What it looks like, for people. */
  readonly looks: string
  /** Whether a path looks so; `names` are the names in the folder, null for a file. */
  readonly recognises: (path: string, names: readonly string[] | null) => boolean
  readonly load: (path: string, options: LoadOptions) => Promise<Trace>
}

const has = (names: readonly string[] | null, pattern: RegExp): boolean => names?.some((name) => pattern.test(name)) ?? false

/** The formats of traces by the name that `--format` knows. */
export const formats = {
  stored: {
    looks: 'a file that stowage import wrote',
    recognises: (path, names) => names === null && isStored(path),
    load: loadStored,
  },
  'google-2011': {
    looks: 'a folder with task_events and machine_events',
    recognises: (_, names) => has(names, /^task_events$/) && has(names, /^machine_events$/),
    load: loadGoogle2011,
  },
  'alibaba-gpu-2023': {
    looks: 'a folder with openb_node_list*.csv and openb_pod_list*.csv',
    recognises: (_, names) => has(names, /^openb_node_list/),
    load: loadAlibabaGpu2023,
  },
  'alibaba-2017': {
    looks: 'batch_task.csv, or a folder with it',
    recognises: (path, names) => has(names ?? [basename(path)], /^batch_task.*\.csv(\.gz)?$/),
    load: loadAlibaba2017,
  },
  philly: {
    looks: 'a folder with philly_jobs.csv',
    recognises: (_, names) => has(names, /^philly_jobs/),
    load: loadPhilly,
  },
  swf: {
    looks: 'a file *.swf',
    recognises: (path, names) => names === null && /\.swf(\.gz)?$/.test(path),
    load: loadSwf,
  },
  csv: {
    looks: 'a folder with machines.csv and tasks.csv',
    recognises: (_, names) => has(names, /^machines\.csv(\.gz)?$/) && has(names, /^tasks\.csv(\.gz)?$/),
    load: loadCsv,
  },
  kubernetes: {
    looks: 'YAML or JSON with Nodes and Pods, or a folder of such files',
    recognises: (path, names) => (names ?? [path]).some(isManifest),
    load: loadKubernetes,
  },
} satisfies Record<string, Format>

export type FormatName = keyof typeof formats
