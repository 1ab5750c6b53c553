import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admissionPolicies, overcommitPolicies, packingPolicies, parsePolicy } from '../../policies/index.ts'
import { InputError } from '../../sim/index.ts'

const packing = (text: string) => parsePolicy('packing', packingPolicies, text)
const admission = (text: string) => parsePolicy('admission', admissionPolicies, text)

function refuses(read: () => unknown, message: string): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof InputError)
    assert.equal(error.message, message)
    return true
  })
}

const HAVE = `have ${Object.keys(packingPolicies).join(', ')}`

test('a name alone has its defaults', () => {
  assert.deepEqual(packing('e-pvm').parameters, { base: 0 })
  assert.equal(packing('e-pvm').policy, packingPolicies['e-pvm'])
  assert.deepEqual(packing('best-fit').parameters, {})
  assert.deepEqual(admission('quota').parameters, { share: 0.25, cpu: -1, memory: -1, gpu: -1, over: 'reject' })
})

test('parameters follow the name, numbers and words, and the policy is called as it was typed', () => {
  const { name, parameters } = admission('quota:share=0.5,over=hold')
  assert.equal(name, 'quota:share=0.5,over=hold')
  assert.deepEqual(parameters, { share: 0.5, cpu: -1, memory: -1, gpu: -1, over: 'hold' })
})

test('an unknown name lists those that exist and suggests a near one', () => {
  refuses(() => packing('best-fitt'), `unknown packing policy: best-fitt. Did you mean best-fit? (${HAVE})`)
  refuses(() => packing('zebra'), `unknown packing policy: zebra (${HAVE})`)
  refuses(
    () => parsePolicy('overcommit', overcommitPolicies, 'nome'),
    'unknown overcommit policy: nome. Did you mean none? (have none, fixed-ratio)',
  )
})

test('what every object has is no policy', () => {
  refuses(() => packing('toString'), `unknown packing policy: toString (${HAVE})`)
})

test('no name at all is said to be empty', () => {
  refuses(() => packing(''), `unknown packing policy: (empty) (${HAVE})`)
  refuses(() => packing(':base=2'), `unknown packing policy: (empty) (${HAVE})`)
})

test('an unknown parameter lists those that exist', () => {
  refuses(() => packing('e-pvm:bose=2'), 'e-pvm:bose=2: e-pvm has no parameter bose. Did you mean base? (have base)')
  refuses(() => packing('best-fit:x=1'), 'best-fit:x=1: best-fit has no parameter x (it has none)')
})

test('a number must be one, and large enough', () => {
  refuses(() => packing('e-pvm:base=two'), 'e-pvm:base=two: base must be a number: two')
  refuses(() => packing('e-pvm:base=Infinity'), 'e-pvm:base=Infinity: base must be a number: Infinity')
  refuses(() => packing('e-pvm:base=-1'), 'e-pvm:base=-1: base must be at least 0: -1')
  refuses(() => parsePolicy('overcommit', overcommitPolicies, 'fixed-ratio:phi=0'), 'fixed-ratio:phi=0: phi must be at least 0.01: 0')
})

test('a word must be one of its choices', () => {
  refuses(() => admission('quota:over=hodl'), 'quota:over=hodl: unknown over: hodl. Did you mean hold? (have reject, hold)')
})

test('what is not key=value is shown how to be', () => {
  refuses(() => packing('e-pvm:base'), 'e-pvm:base: not a parameter: base (write e-pvm:key=value,…)')
  refuses(() => packing('e-pvm:'), 'e-pvm:: not a parameter: (empty) (write e-pvm:key=value,…)')
  refuses(() => packing('e-pvm:base='), 'e-pvm:base=: not a parameter: base= (write e-pvm:key=value,…)')
  refuses(() => packing('e-pvm:base=1=2'), 'e-pvm:base=1=2: not a parameter: base=1=2 (write e-pvm:key=value,…)')
  refuses(() => packing('e-pvm:base=2,'), 'e-pvm:base=2,: not a parameter: (empty) (write e-pvm:key=value,…)')
})

test('every policy of every kind says what it does and where it is from', () => {
  for (const [kind, registry] of Object.entries({ packingPolicies, admissionPolicies, overcommitPolicies })) {
    for (const [name, { sentence, source }] of Object.entries(registry)) {
      assert.match(sentence, /^[A-Z].*\.$/, `${kind} ${name}`)
      assert.notEqual(source, '', `${kind} ${name}`)
    }
  }
})
