/**
 * What a user gave is wrong. The message says what, which value, where (file:line) and what would do; the command line
 * prints it as one line and exits with 2. Anything else that is thrown is our own mistake.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
}
