import cliProgress from 'cli-progress'

const MINUTE = 60_000

/** Shows how far a long piece of work is: a bar on a terminal, a line a minute elsewhere, nothing when quiet. Writes to stderr. */
export function progress(quiet: boolean): { readonly show: (done: number, of: number) => void; readonly stop: () => void } {
  if (quiet) return { show: () => {}, stop: () => {} }
  if (process.stderr.isTTY) {
    const bar = new cliProgress.SingleBar(
      { format: '{bar} {value}/{total} runs · {eta_formatted} left', hideCursor: true, clearOnComplete: true, stream: process.stderr },
      cliProgress.Presets.shades_classic,
    )
    let started = false
    return {
      show: (done, of) => {
        if (!started) bar.start(of, 0)
        started = true
        bar.update(done)
      },
      stop: () => bar.stop(),
    }
  }
  let next = Date.now() + MINUTE
  return {
    show: (done, of) => {
      if (Date.now() < next) return
      next = Date.now() + MINUTE
      process.stderr.write(`${done} of ${of} runs\n`)
    },
    stop: () => {},
  }
}
