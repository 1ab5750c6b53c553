import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Freshness } from '../../../extender/serve/freshness.ts'
import type { Pulse } from '../../../extender/serve/kept-watch.ts'
import type { Pod } from '../../../workloads/index.ts'
import { node, pod, serving, until } from './made-extender.ts'

const nodes = [node('a', 1)]

test('a pod for which there is no room while the API server is away is an error, which is tried again, and no refusal', () =>
  serving({ nodes }, async ({ filter, api, get }) => {
    api.put('pods', pod('x', 1000))
    await filter(pod('x', 1000), ['a'])
    api.failing = 503
    api.breakWatches()
    await until('both watches are away', () => api.watchesOpen === 0)
    const { NodeNames, FailedNodes, Error: wrong } = await filter(pod('y', 1000), ['a'])
    assert.deepEqual([NodeNames, FailedNodes], [[], {}])
    assert.match(wrong, /^no room as far as is known, but the (watch of (pods|nodes) is away|API server (answers 503|is not reached))$/)
    // What has room has it without the API server, too.
    assert.deepEqual((await filter(pod('z'), ['a'])).NodeNames, ['a'])
    assert.match((await get('/metrics')).text, /stowage_decisions_total\{outcome="not known"\} 1\n/)
    assert.doesNotMatch((await get('/metrics')).text, /outcome="no room"/)
    api.failing = 0
    await until('both watches are there again', () => api.watchesOpen === 2)
    let answer = await filter(pod('y', 1000), ['a'])
    // The extender learns a moment after the server that they are.
    for (let tries = 0; tries < 50 && answer.Error !== ''; tries++) answer = await filter(pod('y', 1000), ['a'])
    assert.deepEqual(answer.FailedNodes, { a: 'stowage: too little gpu, gpu device' })
  }))

test('in mode advise too', () =>
  serving({ nodes, mode: 'advise' }, async ({ filter, api }) => {
    api.failing = 503
    assert.match((await filter(pod('x', 2000), ['a'])).Error, /but the API server answers 503$/)
  }))

test('room that came free while the watch was away is found before a pod is refused', () =>
  serving({ nodes }, async ({ filter, api, extender }) => {
    api.put('pods', pod('x', 1000))
    api.bind('default/x', 'a')
    await until('x is there', () => extender.state.holding('uid-x')?.bound === true)
    api.holdBack()
    api.remove('pods', 'default/x')
    setTimeout(() => api.letGo(), 100)
    api.put('pods', pod('y', 1000))
    assert.deepEqual((await filter(api.pod('default/y'), ['a'])).NodeNames, ['a'])
  }))

test('a watch that does not tell of the pod that is asked for is late', () =>
  serving({ nodes }, async ({ filter, api }) => {
    api.holdBack()
    api.put('pods', pod('y', 2000))
    assert.match(
      (await filter(api.pod('default/y'), ['a'])).Error,
      /but the watch of pods is late: it has not told of version \d+ of this pod$/,
    )
    api.letGo()
    assert.equal((await filter(api.pod('default/y'), ['a'])).Error, '')
  }))

/** A watch of which nothing was heard for so long, and which answers when it is begun anew, or does not. */
function silent(milliseconds: number, answers: boolean): Pulse & { renewed: number } {
  const pulse = {
    isOpen: true,
    openedAt: 0,
    heardAt: performance.now() - milliseconds,
    renewed: 0,
    renew: () => {
      pulse.renewed++
      if (answers) pulse.heardAt = performance.now() + 1
    },
  }
  return pulse
}

const doubt = (pods: Pulse, readPod: () => Promise<Pod | null> = async () => null) =>
  new Freshness({ pulses: { pods, nodes: silent(0, true) }, readPod }, { nodes: 0, pods: 0 }).doubt(pod('x'))

test('a watch that was silent for long is begun anew before a refusal rests on it', async () => {
  const [short, long, dead] = [silent(3000, true), silent(6000, true), silent(6000, false)]
  assert.deepEqual([await doubt(short), short.renewed], ['', 0])
  assert.deepEqual([await doubt(long), long.renewed], ['', 1])
  assert.deepEqual([await doubt(dead), dead.renewed], ['the watch of pods does not answer', 1])
})

test('an API server that does not answer is not waited for longer than a second', async () => {
  const began = performance.now()
  assert.equal(await doubt(silent(0, true), () => new Promise(() => {})), 'the API server does not answer within 1000 ms')
  assert.ok(performance.now() - began < 2000)
})
