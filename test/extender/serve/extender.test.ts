import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node, pod, serving, until } from './made-extender.ts'

const NAMES = ['a', 'b', 'c']
const nodes = [node('a', 0), node('b', 2), node('c', 4)]

test('in mode decide, filter gives the one node that the policy takes, and reserves it', () =>
  serving({ nodes }, async ({ filter, extender }) => {
    const reply = await filter(pod('x', 1000), NAMES)
    assert.deepEqual(reply, { Nodes: null, NodeNames: ['b'], FailedNodes: {}, FailedAndUnresolvableNodes: {}, Error: '' })
    const [holding] = extender.state.all()
    assert.deepEqual([holding.key, holding.node, holding.bound, holding.devices], ['default/x', 'b', false, 1])
  }))

test('a reservation is seen by the next pod, is confirmed by the watch, and gone with the pod', () =>
  serving({ nodes: [node('a', 1)] }, async ({ filter, extender, api }) => {
    api.put('pods', pod('x', 1000))
    assert.deepEqual((await filter(pod('x', 1000), ['a'])).NodeNames, ['a'])
    const refused = await filter(pod('y', 1000), ['a'])
    assert.deepEqual(refused.NodeNames, [])
    assert.deepEqual(refused.FailedNodes, { a: 'stowage: too little gpu, gpu device' })
    api.bind('default/x', 'a')
    await until('x is bound', () => extender.state.holding('uid-x')?.bound === true)
    assert.deepEqual((await filter(pod('y', 1000), ['a'])).NodeNames, [])
    api.remove('pods', 'default/x')
    await until('x is gone', () => extender.state.holding('uid-x') === undefined)
    assert.deepEqual((await filter(pod('y', 1000), ['a'])).NodeNames, ['a'])
  }))

test('shares of one GPU add up to it and no further', () =>
  serving({ nodes: [node('a', 1)] }, async ({ filter }) => {
    assert.deepEqual((await filter(pod('x', 600), ['a'])).NodeNames, ['a'])
    assert.deepEqual((await filter(pod('y', 500), ['a'])).NodeNames, [])
    assert.deepEqual((await filter(pod('z', 400), ['a'])).NodeNames, ['a'])
  }))

test('the same pod asked for again keeps its node; where that is not offered, it gets another and gives the first up', () =>
  serving({ nodes }, async ({ filter, extender }) => {
    assert.deepEqual((await filter(pod('x', 1000), NAMES)).NodeNames, ['b'])
    assert.deepEqual((await filter(pod('x', 1000), NAMES)).NodeNames, ['b'])
    assert.deepEqual((await filter(pod('x', 1000), ['a', 'c'])).NodeNames, ['c'])
    assert.equal(extender.state.all().length, 1)
  }))

test('only offered nodes are taken, whatever is better elsewhere', () =>
  serving({ nodes }, async ({ filter }) => {
    assert.deepEqual((await filter(pod('x', 0), ['c'])).NodeNames, ['c'])
    assert.deepEqual((await filter(pod('y', 3000), ['a', 'b', 'unheard-of'])).FailedNodes, {
      a: 'stowage: too little gpu, gpu device',
      b: 'stowage: too little gpu, gpu device',
      'unheard-of': 'stowage does not know this node yet',
    })
  }))

test('in mode advise, filter gives all with room and reserves nothing, and prioritize gives whole scores from 0 to the most', () =>
  serving({ nodes, mode: 'advise', mostScore: 10 }, async ({ filter, post, extender }) => {
    assert.deepEqual((await filter(pod('x', 1000), NAMES)).NodeNames, ['b', 'c'])
    assert.equal(extender.state.all().length, 0)
    const { body } = await post('prioritize', { Pod: pod('x', 1000), NodeNames: NAMES })
    assert.deepEqual(body, [
      { Host: 'a', Score: 0 },
      { Host: 'b', Score: 10 },
      { Host: 'c', Score: 0 },
    ])
  }))

test('whole Nodes are answered with whole Nodes (nodeCacheCapable: false)', () =>
  serving({ nodes }, async ({ post }) => {
    const { body } = await post('filter', { Pod: pod('x', 1000), Nodes: { metadata: {}, items: nodes }, NodeNames: null })
    assert.equal(body.NodeNames, null)
    assert.deepEqual(
      (body.Nodes as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name),
      ['b'],
    )
  }))

test('pods of kube-system pass unchanged, even before the cluster is known', () =>
  serving({ nodes }, async ({ filter, extender }) => {
    assert.deepEqual((await filter(pod('x', 9000, { namespace: 'kube-system' }), NAMES)).NodeNames, NAMES)
    assert.equal(extender.state.all().length, 0)
  }))

test('preempt keeps the nodes where the victims make room enough, and leaves everything as it was', () =>
  serving({ nodes: [node('a', 2), node('b', 2)] }, async ({ filter, post, extender }) => {
    for (const [name, at] of Object.entries({ p: 'a', q: 'a', r: 'b', s: 'b' }))
      assert.deepEqual((await filter(pod(name, 1000), [at])).NodeNames, [at])
    const before = JSON.stringify(extender.state.all().map(({ key, node: at, devices }) => [key, at, devices]))
    const { body } = await post('preempt', {
      Pod: pod('big', 2000),
      NodeNameToVictims: null,
      NodeNameToMetaVictims: {
        a: { Pods: [{ UID: 'uid-p' }, { UID: 'uid-q' }], NumPDBViolations: 1 },
        b: { Pods: [{ UID: 'uid-r' }], NumPDBViolations: 0 },
      },
    })
    assert.deepEqual(body, { NodeNameToMetaVictims: { a: { Pods: [{ UID: 'uid-p' }, { UID: 'uid-q' }], NumPDBViolations: 1 } } })
    assert.equal(JSON.stringify(extender.state.all().map(({ key, node: at, devices }) => [key, at, devices])), before)
    assert.deepEqual((await filter(pod('other', 1000), ['a', 'b'])).NodeNames, [])
  }))

test('bind writes the devices on the pod, and says the same when asked again', () =>
  serving({ nodes }, async ({ filter, post, api, extender }) => {
    for (const name of ['x', 'y']) {
      api.put('pods', pod(name, 700))
      await filter(pod(name, 700), ['b'])
      const binding = { PodName: name, PodNamespace: 'default', PodUID: `uid-${name}`, Node: 'b' }
      assert.deepEqual((await post('bind', binding)).body, { Error: '' })
      await until(`${name} is bound`, () => extender.state.holding(`uid-${name}`)?.bound === true)
      assert.deepEqual((await post('bind', binding)).body, { Error: '' })
    }
    assert.deepEqual(api.bindings, [
      { pod: 'default/x', node: 'b', annotations: { 'stowage.dev/gpu-devices': '0' } },
      { pod: 'default/y', node: 'b', annotations: { 'stowage.dev/gpu-devices': '1' } },
    ])
  }))

test('bound to another node than the reserved one, a pod gets its room there and gives up the first; refused, it keeps it', () =>
  serving({ nodes: [node('a', 1), node('b', 1), node('c', 1)] }, async ({ filter, post, api, extender }) => {
    for (const name of ['x', 'y']) api.put('pods', pod(name, 1000))
    await filter(pod('x', 1000), ['a'])
    await filter(pod('y', 1000), ['b'])
    const bind = async (to: string) => (await post('bind', { PodName: 'x', PodNamespace: 'default', PodUID: 'uid-x', Node: to })).body.Error
    assert.equal(await bind('b'), 'b has no room for default/x: stowage: too little gpu, gpu device')
    assert.equal(extender.state.holding('uid-x')?.node, 'a')
    assert.equal(await bind('unheard-of'), 'unheard-of has no room for default/x: stowage does not know this node yet')
    assert.equal(extender.state.holding('uid-x')?.node, 'a')
    assert.equal(await bind('c'), '')
    assert.deepEqual(api.bindings, [{ pod: 'default/x', node: 'c', annotations: { 'stowage.dev/gpu-devices': '0' } }])
    await until('x is bound', () => extender.state.holding('uid-x')?.bound === true)
    assert.deepEqual((await filter(pod('z', 1000), ['a', 'b', 'c'])).NodeNames, ['a'])
  }))

test('shares for which victims make room are kept from pods of no higher priority, device by device', () =>
  serving({ nodes: [node('a', 2)] }, async ({ filter, api, extender, post }) => {
    const of = (name: string, milli: number, priority: number) => {
      const one = pod(name, milli)
      return { ...one, spec: { ...one.spec, priority } }
    }
    const nominated = { ...of('preemptor', 600, 5), status: { nominatedNodeName: 'a' } }
    api.put('pods', nominated)
    api.put('pods', of('seen', 0, 0))
    api.bind('default/seen', 'a')
    await until('the news has come', () => extender.state.holding('uid-seen') !== undefined)
    // Beside 600 there is room for 400 on one device and 1000 on the other.
    assert.deepEqual((await filter(of('whole', 2000, 5), ['a'])).FailedNodes, { a: 'stowage: too little gpu, gpu device' })
    assert.deepEqual((await filter(of('first', 700, 5), ['a'])).NodeNames, ['a'])
    assert.deepEqual((await filter(of('second', 500, 4), ['a'])).NodeNames, [])
    const victims = { a: { Pods: [{ UID: 'uid-seen' }], NumPDBViolations: 0 } }
    assert.deepEqual((await post('preempt', { Pod: of('second', 500, 4), NodeNameToMetaVictims: victims })).body, {
      NodeNameToMetaVictims: {},
    })
    // The preemptor itself has room, and then holds it, once; a pod of higher priority heeds no nomination.
    assert.deepEqual((await filter(of('higher', 300, 6), ['a'])).NodeNames, ['a'])
    assert.deepEqual((await filter(nominated, ['a'])).NodeNames, ['a'])
    assert.deepEqual((await filter(of('third', 400, 0), ['a'])).NodeNames, ['a'])
    assert.deepEqual(extender.state.cell().overfull(), { nodes: 0, devices: 0 })
    assert.deepEqual(extender.state.verify(), [])
  }))

test('a nomination ends with the pod, or when it is taken back', () =>
  serving({ nodes: [node('a', 1)] }, async ({ filter, api, extender }) => {
    const nominate = (name: string, at?: string) => api.put('pods', { ...pod(name, 1000), status: { nominatedNodeName: at } })
    const asks = async (name: string) => {
      api.put('pods', pod(`${name}-news`))
      api.bind(`default/${name}-news`, 'a')
      await until('the news has come', () => extender.state.holding(`uid-${name}-news`) !== undefined)
      const { NodeNames } = await filter(pod(name, 1000), ['a'])
      if (NodeNames?.length) extender.state.release(`uid-${name}`, 'deleted')
      return NodeNames
    }
    nominate('p', 'a')
    assert.deepEqual(await asks('x'), [])
    nominate('p')
    assert.deepEqual(await asks('y'), ['a'])
    nominate('q', 'a')
    assert.deepEqual(await asks('z'), [])
    api.remove('pods', 'default/q')
    assert.deepEqual(await asks('w'), ['a'])
  }))

test('a pod without a reservation gets room when it is bound, or is refused', () =>
  serving({ nodes: [node('a', 1)], mode: 'advise' }, async ({ post, api }) => {
    for (const name of ['x', 'y']) api.put('pods', pod(name, 1000))
    const bind = (name: string) => post('bind', { PodName: name, PodNamespace: 'default', PodUID: `uid-${name}`, Node: 'a' })
    const answers = await Promise.all([bind('x'), bind('y')])
    assert.equal(answers.filter(({ body }) => body.Error === '').length, 1)
    assert.equal(answers.filter(({ body }) => /^a has no room for default\/.: stowage: too little gpu/.test(String(body.Error))).length, 1)
    assert.equal(api.bindings.length, 1)
  }))

test('a restart takes up what is bound, with the devices that are written on the pods', async () => {
  const pods = [pod('x', 700), pod('y', 200)].map((one, i) => ({
    ...one,
    metadata: { ...one.metadata, annotations: { 'stowage.dev/gpu-devices': i === 0 ? '1' : '0' } },
    spec: { ...one.spec, nodeName: 'b' },
  }))
  await serving({ nodes, pods }, async ({ extender, filter }) => {
    assert.deepEqual(
      extender.state.all().map(({ key, devices }) => [key, devices]),
      [
        ['default/x', 2],
        ['default/y', 1],
      ],
    )
    // 300 is left beside x, 800 beside y.
    assert.deepEqual((await filter(pod('z', 900), ['b'])).NodeNames, [])
    assert.deepEqual((await filter(pod('w', 800), ['b'])).NodeNames, ['b'])
  })
})

test('a reservation of which nothing came is freed only after the API server has said so', () =>
  serving({ nodes: [node('a', 1)], expiry: 100, grace: 50 }, async ({ filter, extender, api }) => {
    api.put('pods', pod('x', 1000))
    await filter(pod('x', 1000), ['a'])
    api.failing = 503
    await new Promise((resolve) => setTimeout(resolve, 1200))
    assert.equal(extender.state.all().length, 1, 'while the server does not answer, it stays')
    api.failing = 0
    await until('it is freed', () => extender.state.all().length === 0)
    assert.deepEqual((await filter(pod('y', 1000), ['a'])).NodeNames, ['a'])
  }))

test('a reservation of which the scheduler says that it failed is looked after soon', () =>
  serving({ nodes: [node('a', 1)], expiry: 60_000, grace: 50 }, async ({ filter, extender, api }) => {
    api.put('pods', pod('x', 1000))
    await filter(api.pod('default/x'), ['a'])
    api.put('pods', { ...pod('x', 1000), status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } } as never)
    await until('it is freed', () => extender.state.all().length === 0)
  }))

test('a bind that only the API server knows of is found when the reservation expires', () =>
  serving({ nodes: [node('a', 1)], expiry: 100 }, async ({ filter, extender, api }) => {
    api.put('pods', pod('x', 1000))
    await filter(pod('x', 1000), ['a'])
    api.isSilent = true
    api.bind('default/x', 'a')
    await until('it is confirmed', () => extender.state.holding('uid-x')?.bound === true)
  }))

test('nodes come, grow and go while it runs', () =>
  serving({ nodes: [node('a', 1)] }, async ({ filter, extender, api }) => {
    assert.deepEqual((await filter(pod('x', 2000), ['a', 'b'])).NodeNames, [])
    api.put('nodes', node('b', 1))
    await until('b is known', () => extender.state.nodes.count === 2)
    assert.deepEqual((await filter(pod('x', 2000), ['a', 'b'])).NodeNames, [])
    api.put('nodes', node('b', 2))
    await until('b has grown', () => extender.state.cell().cell.capacity[3][1] === 2000)
    assert.deepEqual((await filter(pod('x', 2000), ['a', 'b'])).NodeNames, ['b'])
    api.remove('nodes', 'b')
    await until('b is gone', () => extender.state.nodes.count === 1)
    assert.deepEqual((await filter(pod('x', 2000), ['a', 'b'])).NodeNames, [])
  }))

test('a resource of a new name is held to account', () =>
  serving({ nodes: [node('a', 0, { 'example.com/disk': '3' })] }, async ({ filter }) => {
    const asking = (name: string, disks: string) => {
      const one = pod(name)
      return { ...one, spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1', 'example.com/disk': disks } } }] } }
    }
    assert.deepEqual((await filter(asking('x', '2'), ['a'])).NodeNames, ['a'])
    assert.deepEqual((await filter(asking('y', '2'), ['a'])).FailedNodes, { a: 'stowage: too little example.com/disk' })
    assert.deepEqual((await filter(asking('z', '1'), ['a'])).NodeNames, ['a'])
  }))

test('a broken watch, a history that is gone and repeated or late events leave the state as the API server has it', () =>
  serving({ nodes: [node('a', 2)] }, async ({ extender, api }) => {
    for (const name of ['x', 'y', 'z']) api.put('pods', pod(name, 1000))
    api.bind('default/x', 'a')
    await until('x is there', () => extender.state.all().length === 1)
    const late = api.pod('default/x')
    api.isSilent = true
    api.remove('pods', 'default/x')
    api.bind('default/y', 'a')
    api.isSilent = false
    api.oldest = 1000
    api.breakWatches()
    await until(
      'y is there and x is not',
      () =>
        extender.state
          .all()
          .map(({ key }) => key)
          .join() === 'default/y',
    )
    api.oldest = 0
    api.send('pods', 'MODIFIED', late as never)
    api.send('pods', 'ADDED', late as never)
    api.bind('default/z', 'a')
    await until('z is there', () => extender.state.all().length === 2)
    assert.deepEqual(
      extender.state.all().map(({ key }) => key),
      ['default/y', 'default/z'],
    )
  }))

test('drift is found, counted and healed, and told from news that are late', () =>
  serving({ nodes: [node('a', 3)] }, async ({ extender, api, get, filter }) => {
    const counted = async (metric: string) => Number(new RegExp(`^${metric} (\\d+)$`, 'm').exec((await get('/metrics')).text)?.[1] ?? 0)
    const lost = async () => [await counted('stowage_drift_total\\{kind="cluster"\\}'), await counted('stowage_watch_late_total')]
    for (const name of ['x', 'y', 'z']) api.put('pods', pod(name, 1000))
    api.isSilent = true
    api.bind('default/x', 'a')
    api.remove('pods', 'default/z')
    api.isSilent = false
    api.bind('default/y', 'a')
    await until('later news has come', () => extender.state.holding('uid-y')?.bound === true)
    extender.state.cell().cell.used[0][0] += 1
    await extender.checkDrift()
    assert.equal(extender.state.holding('uid-x')?.bound, true)
    assert.deepEqual(await lost(), [1, 0])
    assert.equal(extender.state.cell().cell.used[0][0], 2000)
    assert.match((await get('/metrics')).text, /stowage_drift_total\{kind="cell"\} 1\n/)
    await extender.checkDrift()
    assert.deepEqual(await lost(), [1, 0])
    api.isSilent = true
    api.remove('pods', 'default/x')
    await extender.checkDrift()
    assert.equal(extender.state.holding('uid-x'), undefined)
    assert.deepEqual(await lost(), [1, 1])
    // A pod that came and went unseen.
    api.isSilent = false
    await filter(pod('w', 1000), ['a'])
    api.put('pods', pod('v'))
    api.bind('default/v', 'a')
    await until('later news has come', () => extender.state.holding('uid-v')?.bound === true)
    await extender.checkDrift()
    assert.equal(extender.state.holding('uid-w'), undefined)
    assert.deepEqual(await lost(), [1, 2])
  }))

test('explain says what was decided, what is held, and how the pod would fare now', () =>
  serving({ nodes }, async ({ filter, get }) => {
    await filter(pod('x', 3000), NAMES)
    await filter(pod('y', 3000), NAMES)
    const [x, y] = await Promise.all(['x', 'y'].map(async (name) => JSON.parse((await get(`/explain/default/${name}`)).text)))
    assert.equal(x.decided.node, 'c')
    assert.deepEqual(x.holds, { node: 'c', devices: '0,1,2', bound: false })
    assert.equal(y.decided.outcome, 'no room')
    assert.deepEqual(y.decided.reasons, { 'stowage: too little gpu, gpu device': 3 })
    assert.equal(y.now.withRoom, 0)
    assert.equal((await get('/explain/default/nobody')).status, 404)
  }))
