import { textWidth } from './text-width.ts'

/** A title that says the finding, and a line on how to read the chart. */
export interface ChartTitle {
  readonly text: string[]
  readonly subtitle: string[]
}

/** Broken into lines for the width, because SVG text does not wrap by itself. */
export const chartTitle = (finding: string, reading: string, width: number): ChartTitle => ({
  text: wrap(finding, (line) => textWidth(line, 15, true) <= width),
  subtitle: wrap(reading, (line) => textWidth(line, 12) <= width),
})

function wrap(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
