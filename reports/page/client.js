/* global vega */
// Without this script the page still has its answer, its table and every chart as a still picture.
;(() => {
  const data = JSON.parse(document.getElementById('stowage-data').textContent)

  function live(spec, element, renderer) {
    // Parsed with syntax trees, which the interpreter walks: the page's policy forbids eval.
    const view = new vega.View(vega.parse(spec, null, { ast: true }), { expr: vega.expressionInterpreter, renderer, hover: true })
    view.initialize(element)
    return view
  }

  function hydrate(figure) {
    for (const still of figure.querySelectorAll('[data-chart]')) {
      if (still.offsetParent === null || still.dataset.live) continue
      still.dataset.live = 'yes'
      const spec = structuredClone(data.charts[still.dataset.chart])
      for (const table of spec.data)
        if (table.values && table.values.$data !== undefined) table.values = structuredClone(data.tables[table.values.$data])
      const stage = document.createElement('div')
      stage.hidden = true
      still.append(stage)
      live(spec, stage, 'svg')
        .runAsync()
        .then(() => {
          for (const child of [...still.children]) if (child !== stage) child.remove()
          stage.hidden = false
        })
    }
  }

  const figures = document.querySelectorAll('figure')
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) hydrate(entry.target)
    },
    { rootMargin: '300px' },
  )
  for (const figure of figures) seen.observe(figure)
  matchMedia('(max-width: 720px)').addEventListener('change', () => {
    for (const figure of figures) if (figure.getBoundingClientRect().top < innerHeight * 2) hydrate(figure)
  })

  const explorer = document.getElementById('explorer')
  if (explorer && data.pictures) explore(explorer, data.pictures)

  function explore(root, pictures) {
    root.hidden = false
    const stage = root.querySelector('.picture')
    const policy = root.querySelector('[name=policy]')
    const resource = root.querySelector('[name=resource]')
    const order = root.querySelector('[name=order]')
    const slider = root.querySelector('[name=time]')
    const clock = root.querySelector('output')
    const count = pictures.machine.length
    const decoded = new Map()

    function bytes() {
      const key = `${policy.value}/${resource.value}`
      if (!decoded.has(key)) {
        const text = atob(pictures.policies[policy.value].used[pictures.resources[resource.value].name] || '')
        decoded.set(
          key,
          Uint8Array.from(text, (character) => character.charCodeAt(0)),
        )
      }
      const from = Number(slider.value) * count
      return decoded.get(key).subarray(from, from + count)
    }

    /** The largest square of 3 to 20 pixels with which the cell is as wide as the page and not too high. */
    function layout() {
      const width = Math.max(200, root.clientWidth)
      let side = 20
      while (side > 3 && Math.ceil(count / Math.floor(width / side)) * side > 420) side--
      const columns = Math.min(count, Math.floor(width / side))
      return { side, columns, width: columns * side, height: Math.ceil(count / columns) * side }
    }

    const between = vega.interpolateColors(pictures.ramp)
    const colours = Array.from({ length: 256 }, (_, byte) =>
      byte > 200 ? pictures.absent : byte > 100 ? pictures.overfull : between(byte / 100),
    )
    let cells = []
    const view = live(data.charts['cell-picture'], stage, 'canvas')
    view.tooltip((_handler, _event, item, value) => {
      stage.title = value && item ? item.datum.about : ''
    })

    function place() {
      const { side, columns, width, height } = layout()
      const gap = side > 4 ? 1 : side > 3 ? 0.5 : 0.4
      cells = Array.from({ length: count }, (_, slot) => {
        const x = (slot % columns) * side
        const y = Math.floor(slot / columns) * side
        return { slot, x, y, x2: x + side - gap, y2: y + side - gap, colour: '', about: '' }
      })
      paint()
      view.width(width).height(height)
      view.change('machines', vega.changeset().remove(vega.truthy).insert(cells))
      view.run()
      tell()
    }

    function say(machine, used) {
      return `${pictures.machine[machine]}: ${used > 200 ? 'absent, or has none' : `${used} %`}`
    }

    /** Writes the chosen instant into the cells, and answers which of them changed. */
    function paint() {
      const used = bytes()
      const height = (machine) => (used[machine] > 200 ? -1 : used[machine])
      const machines = Array.from({ length: count }, (_, machine) => machine)
      if (order.value === 'fullest') machines.sort((a, b) => height(b) - height(a) || a - b)
      const changed = new Set()
      for (const cell of cells) {
        const machine = machines[cell.slot]
        const about = say(machine, used[machine])
        if (about === cell.about) continue
        cell.about = about
        cell.colour = colours[used[machine]]
        changed.add(cell)
      }
      return changed
    }

    function show() {
      // Only the squares whose machine or share changes are drawn anew.
      const changed = paint()
      if (changed.size > 0) {
        view.change(
          'machines',
          vega.changeset().modify(
            (cell) => changed.has(cell),
            'colour',
            (cell) => cell.colour,
          ),
        )
        view.run()
      }
      tell()
    }

    function tell() {
      const used = bytes()
      const hours = `${pictures.hours[slider.value]} h from the opening`
      clock.textContent = hours
      slider.setAttribute('aria-valuetext', hours)
      const present = used.filter((byte) => byte <= 200)
      const idle = present.filter((byte) => byte === 0).length
      const mean = present.length > 0 ? present.reduce((sum, byte) => sum + byte, 0) / present.length : 0
      root.querySelector('.told').textContent =
        `${present.length.toLocaleString('en')} machines with ${pictures.resources[resource.value].label}, on average ${mean.toFixed(1)} % requested, ${idle.toLocaleString('en')} without any.`
    }

    for (const control of [policy, resource, order]) control.addEventListener('change', show)
    slider.addEventListener('input', show)
    let width = innerWidth
    addEventListener('resize', () => {
      if (innerWidth !== width) place()
      width = innerWidth
    })
    place()
  }
})()
