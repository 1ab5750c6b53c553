import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '../../../workloads/index.ts'
import { node, pod } from './made-extender.ts'
import { overAllocated } from './over-allocated.ts'

const bound = (name: string, milli: number, devices: string, cpu = '1'): Pod => {
  const one = pod(name, milli, { cpu })
  const annotations = { 'stowage.dev/gpu-devices': devices }
  return { ...one, metadata: { ...one.metadata, annotations } as Pod['metadata'], spec: { ...one.spec, nodeName: 'a' } }
}

test('what is given twice is found: of a node, of a device, and where nobody wrote which', () => {
  const a = [node('a', 2)]
  assert.deepEqual(overAllocated(a, [bound('x', 600, '0'), bound('y', 400, '0'), bound('z', 1000, '1'), pod('pending', 2000)]), [])
  assert.deepEqual(overAllocated(a, [bound('x', 600, '0'), bound('y', 500, '0')]), ['a: device 0: 1100 of 1000'])
  assert.deepEqual(overAllocated(a, [bound('x', 1000, '2')]), ['a: device 2: 1000 of 1000'])
  assert.deepEqual(overAllocated(a, [bound('x', 0, '', '7500m'), bound('y', 0, '', '501m')]), ['a: cpu: 8.001 of 8'])
  assert.deepEqual(overAllocated(a, [bound('x', 600, '')]), ['a: pod x asks for 1 devices and has 0'])
  assert.deepEqual(overAllocated([], [bound('x', 0, '')]).at(0), 'a: has pods, and is not there')
})
