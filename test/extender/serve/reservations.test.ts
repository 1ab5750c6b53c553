import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClusterState } from '../../../extender/serve/cluster-state.ts'
import { ReservationKeeper } from '../../../extender/serve/reservation-keeper.ts'
import { Verbs } from '../../../extender/serve/verbs.ts'
import { parsePacking } from '../../../policies/index.ts'
import type { Pod } from '../../../workloads/index.ts'
import { DEFAULTS, node, pod } from './made-extender.ts'

const NODES = { a: 1, b: 2, c: 4 }
const PODS = 8
const MILLI = [0, 250, 500, 700, 1000, 2000]

const DEEDS = ['bind', 'delete', 'fail', 'finish', 'repeat', 'late', 'nominate'] as const
type Deed = (typeof DEEDS)[number]

type Step =
  | { readonly do: 'filter'; readonly pod: number; readonly names: readonly string[] }
  | { readonly do: Deed; readonly pod: number }
  | { readonly do: 'wait' }
  | { readonly do: 'node'; readonly node: keyof typeof NODES; readonly isThere: boolean }

const names = Object.keys(NODES) as (keyof typeof NODES)[]
const which = fc.integer({ min: 0, max: PODS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('filter' as const), pod: which, names: fc.subarray(names, { minLength: 1 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom(...DEEDS), pod: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('node' as const), node: fc.constantFrom(...names), isThere: fc.boolean() }) },
)

/** The API server as the scheduler and the kubelet leave it: pods by number, each under a new UID once it was deleted. */
class World {
  now = 0
  version = 10
  readonly pods = new Map<number, Pod>()
  readonly lives = new Map<number, number>()
  /** Where filter last sent each pod. */
  readonly sent = new Map<string, string>()
  readonly past: Pod[] = []

  fresh(number: number, milli: number): Pod {
    const known = this.pods.get(number)
    if (known) return known
    const life = (this.lives.get(number) ?? 0) + 1
    this.lives.set(number, life)
    return this.store(number, pod(`p${number}`, milli, { uid: `p${number}-${life}` }))
  }

  store(number: number, one: Pod): Pod {
    const stored = { ...one, metadata: { ...one.metadata, resourceVersion: String(++this.version) } }
    this.pods.set(number, stored)
    this.past.push(stored)
    return stored
  }
}

test('no sequence of decisions and news gives a device twice or leaves a reservation behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.array(fc.constantFrom(...MILLI), { minLength: PODS, maxLength: PODS }),
      async (steps, milli) => {
        const world = new World()
        const { policy, parameters } = parsePacking('fgd')
        const state = new ClusterState({ ...DEFAULTS, policy, parameters, mix: [], now: () => world.now, tell: () => {} })
        const verbs = new Verbs(state, { mode: 'decide', letThrough: new Set(), mostScore: 10, decided: () => {}, doubt: async () => '' })
        const keeper = new ReservationKeeper(state, {
          readPod: async (_, name) => world.pods.get(Number(name.slice(1))) ?? null,
        })
        const there = new Set<string>()
        const putNode = (name: keyof typeof NODES) => {
          there.add(name)
          state.nodeChanged(versioned(node(name, NODES[name]), ++world.version))
        }
        for (const name of names) putNode(name)
        for (const one of steps) {
          await take(one)
          assertSound()
        }
        // In the end the API server's word is all that counts: after the expiry nothing is held that is not bound.
        world.now += 10 * DEFAULTS.expiry
        await keeper.tend()
        const bound = [...world.pods.values()].filter((one) => one.spec?.nodeName && !one.status?.phase)
        assert.deepEqual(
          state
            .all()
            .map(({ uid }) => uid)
            .sort(),
          bound.map(({ metadata }) => String(metadata?.uid)).sort(),
        )
        assert.deepEqual(state.verify(), [])

        async function take(one: Step): Promise<void> {
          if (one.do === 'wait') {
            world.now += DEFAULTS.grace + 1
            await keeper.tend()
          } else if (one.do === 'node') {
            // A node with pods on it does not go: its pods would be evicted first.
            const isHeld = state.all().some((holding) => holding.node === one.node)
            if (one.isThere) putNode(one.node)
            else if (!isHeld && there.delete(one.node)) state.nodeGone(versioned(node(one.node, NODES[one.node]), ++world.version))
          } else if (one.do === 'filter') {
            const asked = world.fresh(one.pod, milli[one.pod])
            if (asked.spec?.nodeName) return
            const { NodeNames } = await verbs.filter({ pod: asked as never, names: one.names, nodes: null })
            world.sent.delete(String(asked.metadata?.uid))
            if (NodeNames?.[0]) world.sent.set(String(asked.metadata?.uid), NodeNames[0])
          } else news(one.do, one.pod)
        }

        function news(what: Deed, number: number): void {
          const found = world.pods.get(number)
          if (what === 'late') {
            const old = world.past[Math.floor((world.past.length * number) / PODS)]
            if (old) state.podChanged(old)
            return
          }
          if (!found) return
          const to = world.sent.get(String(found.metadata?.uid))
          if (what === 'repeat') state.podChanged(found)
          else if (what === 'delete') {
            world.pods.delete(number)
            state.podGone(versioned(found, ++world.version))
          } else if (what === 'bind' && to && !found.spec?.nodeName) {
            state.podChanged(world.store(number, { ...found, spec: { ...found.spec, nodeName: to } }))
          } else if (what === 'fail' && !found.spec?.nodeName) {
            world.sent.delete(String(found.metadata?.uid))
            state.podChanged(world.store(number, { ...found, status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } } as Pod))
          } else if (what === 'nominate' && !found.spec?.nodeName) {
            state.podChanged(world.store(number, { ...found, status: { nominatedNodeName: names[number % names.length] } }))
          } else if (what === 'finish' && found.spec?.nodeName) {
            state.podChanged(world.store(number, { ...found, status: { phase: 'Succeeded' } }))
          }
        }

        /** What is held, summed by hand from the holdings, leaves every device and node at no less than nothing. */
        function assertSound(): void {
          const { cell } = state.cell()
          for (let device = 0; device < cell.deviceFree.length; device++)
            assert.ok(cell.deviceFree[device] >= 0, 'a device was given twice')
          assert.equal(cell.overfull, 0)
          const onDevices = state.all().reduce((sum, { row }) => sum + (row?.devices ?? 0) * (row?.milli ?? 0), 0)
          const used = cell.deviceFree.reduce((sum, free) => sum + 1000 - free, 0)
          assert.equal(used, onDevices)
          assert.equal(cell.tasksPlaced, state.all().length)
          for (const [uid, at] of world.sent) {
            const holding = state.holding(uid)
            if (holding) assert.equal(holding.node, at)
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

const versioned = <T extends { readonly metadata?: object }>(object: T, version: number): T => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
})
