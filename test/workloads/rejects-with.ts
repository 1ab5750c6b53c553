import assert from 'node:assert/strict'
import { InputError } from '../../sim/index.ts'

/** Claims that loading fails as bad input, with this message once the folder is taken off its front. */
export async function rejectsWith(loading: Promise<unknown>, folder: string, message: string | RegExp): Promise<void> {
  const error = await loading.then(
    () => assert.fail('no error'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof InputError, `not an InputError: ${error}`)
  const said = folder === '' ? error.message : error.message.replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  if (typeof message === 'string') assert.equal(said, message)
  else assert.match(said, message)
}
