import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { formats } from '../../workloads/formats.ts'
import { openTrace } from '../../workloads/open-trace.ts'
import { madeFolder } from './made-folder.ts'
import { rejectsWith } from './rejects-with.ts'

const FILES = {
  'google-2011': {
    'task_events/part-00000-of-00001.csv': '1,,7,0,,0,ann,0,0,0.1,0.1,0.1,0',
    'machine_events/part-00000-of-00001.csv': '0,5,0,x,1,1',
  },
  'alibaba-gpu-2023': {
    'openb_node_list_all_node.csv': 'sn,cpu_milli,memory_mib,gpu,model\nn,1,1,0,\n',
    'openb_pod_list_default.csv': 'name,cpu_milli,memory_mib,num_gpu,gpu_milli\np,1,1,0,0\n',
  },
  'alibaba-2017': { 'batch_task.csv': '100,160,3,4,1,Terminated,50,0.5\n' },
  philly: {
    'philly_jobs.csv': 'timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-31 00:00:00,1,1,1,x\n',
    'revised_machine_list.csv': ',machineId,number of GPUs\n0,m0,8\n',
  },
  swf: { 'log.swf': '; MaxProcs: 2\n1 0 5 60 1 -1 -1 1 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n' },
  csv: { 'machines.csv': 'id,cpu,memory\na,1,1\n', 'tasks.csv': 'job,cpu,memory,arrival_s\na,1,1,0\n' },
  kubernetes: { 'nodes.yaml': 'apiVersion: v1\nkind: Node\nmetadata:\n  name: a\n---\nkind: Pod\nmetadata:\n  name: p\n' },
} satisfies Record<Exclude<keyof typeof formats, 'stored'>, Record<string, string>>

const cell = { machines: 1, shape: 'cpu=64,memory=1' }

for (const [format, files] of Object.entries(FILES)) {
  test(`${format} is recognised by its look, and may be named`, async () => {
    const folder = madeFolder(files)
    const path = format === 'swf' ? `${folder}/log.swf` : folder
    for (const options of [cell, { ...cell, format }]) {
      const trace = await openTrace(path, options)
      assert.deepEqual([trace.format, trace.runs.count, trace.machines.count], [format, 1, 1])
    }
  })
}

test('a path that is nothing known lists what is known', async () => {
  const folder = madeFolder({ 'a.txt': 'x' })
  await rejectsWith(
    openTrace(`${folder}/a.txt`),
    folder,
    /^a\.txt: no known trace format \(have stored: a file .*; google-2011: a folder with .*; csv: a folder with machines\.csv and tasks\.csv; kubernetes: YAML or JSON with .*\)$/,
  )
  await rejectsWith(openTrace(folder), folder, /^\.: no known trace format/)
  await rejectsWith(openTrace(`${folder}/missing`), folder, 'missing: no such file or folder')
})

test('an unknown format lists those there are, and suggests a near miss', async () => {
  const names = 'stored, google-2011, alibaba-gpu-2023, alibaba-2017, philly, swf, csv, kubernetes'
  await rejectsWith(openTrace('.', { format: 'google2011' }), '', `unknown format: google2011 (have ${names}; did you mean google-2011?)`)
  await rejectsWith(openTrace('.', { format: 'zzzzzzzz' }), '', `unknown format: zzzzzzzz (have ${names})`)
})
