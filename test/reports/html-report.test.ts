import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptJson, scriptText } from '../../reports/escape-html.ts'
import { htmlReport } from '../../reports/html-report.ts'
import { fixture } from './fixture.ts'

test('the same comparison gives the same page', async () => {
  assert.equal(await htmlReport(fixture()), await htmlReport(fixture()))
})

test('the page asks nothing of a network', async () => {
  const page = await htmlReport(fixture())
  const written = page.slice(0, page.indexOf('<script type='))
  assert.doesNotMatch(written, /(src|href)="(?!#)/)
  assert.doesNotMatch(written, /@import|url\(http/)
  assert.match(page, /default-src 'none'/)
})

test('names from a trace cannot become markup or a script', async () => {
  const evil = '</script><!--<script>alert(1)</script><img src=x onerror=alert(1)>'
  const { trace, ...rest } = fixture({ policies: ['best-fit', evil] })
  const page = await htmlReport({ ...rest, trace: { ...trace, name: evil, skipped: { [evil]: 1 } } })
  assert.doesNotMatch(page, /<img src=x|<script>alert/)
  assert.equal(page.match(/<script/g)?.length, 3)
})

test('text inside a script element cannot end it', () => {
  assert.deepEqual(JSON.parse(scriptJson({ a: '</script><!--\u2028' })), { a: '</script><!--\u2028' })
  assert.doesNotMatch(scriptJson('</script><!--'), /</)
  assert.equal(scriptText(`'</script>' + '<!--' + (1 < 2)`), `'\\x3c/script>' + '\\x3c!--' + (1 < 2)`)
})

test('what does not fit the cell is said in words', async () => {
  assert.match(await htmlReport(fixture({ policies: ['best-fit', 'worst-fit'] })), /<td class="words">did not fit the whole cell/)
})

test('a page of eight policies is at most 3 MB, of 12,500 machines at most 5', async () => {
  const policies = ['best-fit', 'dot-product', 'first-fit', 'tetris', 'least-requested', 'most-requested', 'random', 'worst-fit']
  const size = async (machines: number) =>
    Buffer.byteLength(await htmlReport(fixture({ policies, seeds: 11, machines, instants: 24, samples: 337 })))
  assert.ok((await size(400)) < 3_000_000)
  assert.ok((await size(12_500)) < 5_000_000)
})
