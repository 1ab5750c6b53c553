import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { auditPods } from '../../extender/audit-pods.ts'

const node: V1Node = { metadata: { name: 'a' }, status: { allocatable: { cpu: '2', memory: '4Gi', pods: '3', 'nvidia.com/gpu': '2' } } }
const pod = (requests: Record<string, string>, devices?: string, nodeName = 'a'): V1Pod => ({
  metadata: { name: 'p', ...(devices && { annotations: { 'stowage.dev/gpu-devices': devices } }) },
  spec: { nodeName, containers: [{ name: 'c', resources: { requests } }] },
})
const told = (pods: readonly V1Pod[]) => auditPods([node], pods).map(({ pod: on, what, recorded }) => `${on}: ${what}: ${recorded}`)

test('a node that is full to the last unit is not over-full, and one unit more is', () => {
  assert.deepEqual(told([pod({ cpu: '1500m' }), pod({ cpu: '500m' })]), [])
  assert.deepEqual(told([pod({ cpu: '1500m' }), pod({ cpu: '501m' })]), ['a: cpu that it holds: 2001'])
  assert.deepEqual(told(Array.from({ length: 4 }, () => pod({}))), ['a: pods that it holds: 4'])
  assert.deepEqual(told([pod({ cpu: '3' }, undefined, 'b')]), [])
})

test('shares of one GPU may fill it, and a whole one beside a share is one too many', () => {
  const share = (milli: string, device: string) => pod({ 'stowage.dev/gpu-milli': milli }, device)
  assert.deepEqual(told([share('600', '0'), share('400', '0'), share('700', '1')]), [])
  assert.deepEqual(told([share('600', '0'), share('500', '0')]), ['a: thousandths of its GPU 0: 1100'])
  assert.deepEqual(told([share('100', '1'), pod({ 'nvidia.com/gpu': '2' }, '0,1')]), ['a: thousandths of its GPU 1: 1100'])
})
