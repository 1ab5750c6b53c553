import type { Place } from './place.ts'
import { readBytes } from './read-bytes.ts'

/**
 * Gives each line that is not blank to `onLine`, without its line end, and tells how many there were. Holds one chunk at a
 * time; plain or gzip. Throws InputError as `readBytes` does, and whatever `onLine` throws.
 */
export async function readLines(path: string, onLine: (line: string, place: Place) => void): Promise<number> {
  const place: Place = { file: path, line: 0 }
  const decoder = new TextDecoder()
  let rest = ''
  let count = 0
  const take = (text: string, from: number, to: number) => {
    place.line++
    const until = to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to
    if (until === from) return
    count++
    onLine(text.slice(from, until), place)
  }
  for await (const chunk of readBytes(path)) {
    const text = rest + decoder.decode(chunk, { stream: true })
    let from = 0
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      take(text, from, to)
      from = to + 1
    }
    rest = text.slice(from)
  }
  rest += decoder.decode()
  if (rest !== '') take(rest, 0, rest.length)
  return count
}
