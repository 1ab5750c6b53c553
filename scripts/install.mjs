// Installs the locked dependencies where they are missing or out of date, and says so when no fit Node is to be had. Plain
// JavaScript on node: modules alone, because it runs before anything is installed, on whatever Node there is.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const marker = 'node_modules/.installed-lock'
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
  console.error('Installing dependencies (once) …')
  const began = Date.now()
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('stowage: npm ci failed; see above')
    process.exit(status ?? 1)
  }
  writeFileSync(marker, lock)
  console.error(`Installed in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

// TypeScript runs as it is from Node 22.18 on. npm scripts find the optional package's Node before the machine's own.
const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' })
const [major = 0, minor = 0] = (stdout ?? '').replace(/^v/, '').split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `stowage: needs Node 22.18 or later, found ${(stdout ?? '').trim() || 'none'} (the packaged Node is for Linux on x64; elsewhere install a newer Node)`,
  )
  process.exit(2)
}
