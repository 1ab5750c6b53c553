import { spawn } from 'node:child_process'

/** A peer cannot be run here, and why. */
export class Missing extends Error {}

/** Runs a command to its end and gives what it printed. Throws Missing where there is no such command or it fails. */
export function runPeer(command: string, words: readonly string[], input = ''): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, words, { stdio: 'pipe' })
    let out = ''
    let error = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      error += text
    })
    child.on('error', () => fail(new Missing(`${command} is not installed`)))
    child.on('close', (code) =>
      code === 0 ? done(out) : fail(new Missing(`${command} failed: ${(error || out).trim().split('\n').at(-1)}`)),
    )
    // What does not read its input to the end says why by its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
