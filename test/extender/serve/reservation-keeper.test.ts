import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClusterState, type StateEvent } from '../../../extender/serve/cluster-state.ts'
import { ReservationKeeper } from '../../../extender/serve/reservation-keeper.ts'
import { Verbs } from '../../../extender/serve/verbs.ts'
import { parsePacking } from '../../../policies/index.ts'
import type { Pod } from '../../../workloads/index.ts'
import { DEFAULTS, node, pod } from './made-extender.ts'

const PODS = 2
/** What leads to an answer comes more often than what disturbs it. */
const USUAL = ['filter', 'filter', 'wait', 'tend', 'answer'] as const
const RARE = ['renew', 'bind', 'bind alone', 'bind told', 'tell', 'delete', 'replace', 'turn down', 'fail'] as const
const step = fc.record({
  what: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...USUAL) }, { weight: 1, arbitrary: fc.constantFrom(...RARE) }),
  which: fc.nat(PODS - 1),
})

/** A question to the API server that is still to be answered, with the pod as it was when it was asked. */
interface Question {
  readonly uid: string
  readonly found: Pod | null
  readonly signs: number
  readonly isDue: boolean
  readonly answer: (pod: Pod | null) => void
  readonly fail: () => void
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a reservation is freed if, and only if, the API server was asked when it was due, answers that nothing came of it, and no life was seen since', async () => {
  const freed = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      let now = 0
      let version = 10
      const told: { readonly event: StateEvent; readonly about: string }[] = []
      const { policy, parameters } = parsePacking('best-fit')
      const tell = (event: StateEvent, about: string) => void told.push({ event, about })
      const state = new ClusterState({ ...DEFAULTS, policy, parameters, mix: [], now: () => now, tell })
      const verbs = new Verbs(state, { mode: 'decide', letThrough: new Set(), mostScore: 10, decided: () => {}, doubt: async () => '' })
      for (const name of ['a', 'b']) state.nodeChanged(node(name, 0))
      const lives = Array.from({ length: PODS }, () => 1)
      const stored = (which: number, over: object = {}): Pod => {
        const one = pod(`p${which}`, 0, { uid: `p${which}-${lives[which]}` })
        return { ...one, ...over, metadata: { ...one.metadata, resourceVersion: String(++version) } } as Pod
      }
      const there = new Map(Array.from({ length: PODS }, (_, which) => [which, stored(which)]))
      /** Signs of life of a pod: decided or bound; how many there were. */
      const signs = new Map<string, number>()
      const live = (uid: string) => signs.set(uid, (signs.get(uid) ?? 0) + 1)
      const questions: Question[] = []
      const keeper = new ReservationKeeper(state, {
        readPod: (namespace, name) => {
          assert.equal(namespace, 'default')
          const which = Number(name.slice(1))
          const [asked] = state.due().filter(({ key }) => key === `default/${name}`)
          const uid = asked?.uid ?? `p${which}-${lives[which]}`
          return new Promise((resolve, reject) => {
            const question = { uid, found: there.get(which) ?? null, signs: signs.get(uid) ?? 0, isDue: asked !== undefined }
            questions.push({ ...question, answer: resolve, fail: () => reject(new Error('not reached')) })
          })
        },
      })

      for (const { what, which } of steps) {
        const one = there.get(which)
        const uid = String(one?.metadata?.uid)
        const before = told.length
        const answered = what === 'answer' || what === 'fail' ? questions.shift() : undefined
        // Of two reservations under one name nobody could tell which was asked about.
        const isTaken = state.all().some((holding) => holding.key === `default/p${which}` && holding.uid !== uid)
        if (what === 'filter' && one && !one.spec?.nodeName && !isTaken) {
          await verbs.filter({ pod: one as never, names: [which === 0 ? 'a' : 'b'], nodes: null })
          live(uid)
        } else if (what === 'renew' || what === 'bind') {
          const holding = state.holding(uid)
          if (holding && !holding.bound && one) {
            state.renew(holding)
            live(uid)
            if (what === 'bind' && !one.spec?.nodeName) there.set(which, stored(which, { spec: { ...one.spec, nodeName: holding.node } }))
          }
        } else if (what === 'bind alone' || what === 'bind told') {
          // The scheduler binds by itself; the news of it are still to come, or are there at once.
          const holding = state.holding(uid)
          if (holding && one && !one.spec?.nodeName) {
            there.set(which, stored(which, { spec: { ...one.spec, nodeName: holding.node } }))
            if (what === 'bind told') {
              state.podChanged(there.get(which) as Pod)
              live(uid)
            }
          }
        } else if (what === 'tell' && one) {
          state.podChanged(one)
          if (one.spec?.nodeName) live(uid)
        } else if (what === 'delete') there.delete(which)
        else if (what === 'replace') {
          lives[which]++
          there.set(which, stored(which))
        } else if (what === 'turn down' && one && !one.spec?.nodeName) {
          there.set(which, stored(which, { status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } }))
        } else if (what === 'wait') now += DEFAULTS.expiry + 1
        else if (what === 'tend') void keeper.tend()
        const held = answered && state.holding(answered.uid)
        if (what === 'answer') answered?.answer(answered.found)
        else if (what === 'fail') answered?.fail()
        await turn()
        assert.ok(questions.length <= 1, 'one question at a time')

        const gone = told.slice(before).filter(({ event }) => event === 'deleted' || event === 'failed' || event === 'expired')
        // Another pod of the same name tells that the first is gone; that is news, and no guess.
        if (what === 'tell') continue
        if (!answered) {
          assert.deepEqual(gone, [], `${what} frees nothing`)
          continue
        }
        const isOurs = answered.found?.metadata?.uid === answered.uid
        const seen = (signs.get(answered.uid) ?? 0) !== answered.signs
        const expected = !isOurs ? 'deleted' : isTurnedDown(answered.found) ? 'failed' : 'expired'
        const isFreed = what === 'answer' && held && !held.bound && answered.isDue && !seen && !(isOurs && answered.found?.spec?.nodeName)
        assert.deepEqual(
          gone.map(({ event }) => event),
          isFreed ? [expected] : [],
        )
        if (isFreed) freed.add(expected)
        if (held && !isFreed) assert.equal(state.holding(answered.uid)?.node, held.node)
        if (what === 'answer' && held && !seen && isOurs && answered.found?.spec?.nodeName)
          assert.equal(state.holding(answered.uid)?.bound, true)
      }
      for (const question of questions) question.fail()
    }),
    { numRuns: Number(process.env.PROPERTY_CASES ?? 300), seed: 5 },
  )
  assert.deepEqual([...freed].sort(), ['deleted', 'expired', 'failed'], 'all of it was seen')
})

function isTurnedDown(found: Pod | null): boolean {
  return (found?.status as { readonly conditions?: readonly object[] } | undefined)?.conditions !== undefined
}
