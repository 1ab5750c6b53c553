import CliTable from 'cli-table3'
import pico from 'picocolors'
import type { Comparison, Filling } from '../experiments/index.ts'
import { type Answer, answer } from './answer.ts'
import { BORDERLESS } from './borderless.ts'
import { fillAnswer } from './fill-answer.ts'
import { fillTable } from './fill-table.ts'
import { formatCount } from './format-number.ts'
import { commonParts } from './label.ts'
import { seeds } from './seeds.ts'
import { type Column, type Table, table } from './table.ts'

const GAP = 2

export interface TerminalTableOptions {
  /** By default where the terminal can show colours and NO_COLOR is not set. */
  readonly colour?: boolean
  readonly width?: number
}

/** The answer in a sentence, then a row a combination, best first, for a terminal of 120 columns. */
export function terminalTable(comparison: Comparison, options: TerminalTableOptions = {}): string {
  const what = [comparison.trace.name, ...commonParts(comparison.rows), formatCount(seeds(comparison).length, 'seed')]
  return printedTable(table(comparison), answer(comparison), what, legend, options)
}

/** What a fill found, likewise. */
export function terminalFillTable(filling: Filling, options: TerminalTableOptions = {}): string {
  const { machines, path } = filling.trace
  const count = new Set(filling.runs.map(({ seed }) => seed)).size
  const what = [path, formatCount(machines, 'machine'), formatCount(count, 'seed')]
  return printedTable(
    fillTable(filling),
    fillAnswer(filling),
    what,
    () => 'Mean ± half its 95 % interval, in percent of the cell.',
    options,
  )
}

function printedTable(
  whole: Table,
  { headline, details }: Answer,
  made: readonly string[],
  legendOf: (columns: readonly Column[]) => string,
  { colour = process.stdout.isTTY === true && pico.isColorSupported, width = 120 }: TerminalTableOptions,
): string {
  const paint = pico.createColors(colour)
  const { columns, rows, notes } = fitted(whole, width)
  const labelWidth = Math.max(12, Math.min(widthOf(columns, rows, 0), width - totalWidth(columns, rows) + widthOf(columns, rows, 0)))
  const printed = new CliTable({
    head: columns.map((column) => paint.bold(headed(column.heading))),
    colAligns: columns.map((column) => (column.kind === 'number' ? 'right' : 'left')),
    chars: BORDERLESS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    wordWrap: true,
    wrapOnWordBoundary: false,
    colWidths: columns.map((_, i) => (i === 0 ? labelWidth : null)),
  })
  for (const [i, [label, ...cells]] of rows.entries()) {
    const name = atJoints(plain(label), labelWidth)
    printed.push([i === 0 ? paint.green(name) : name, ...cells.map((cell) => broken(plain(cell)))])
  }
  const what = made.map(plain).join(' · ')
  return [
    paint.bold(wrap(plain(headline), width)),
    ...details.map((detail) => wrap(plain(detail), width)),
    '',
    printed.toString().replace(/ +$/gm, ''),
    '',
    paint.dim(wrap([what, ...notes.map(plain), legendOf(columns)].join('. '), width)),
    '',
  ].join('\n')
}

/** Names come from files: a control character in one must not reach the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being removed
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd').replaceAll('\u00a0', ' ')

const headed = (heading: string): string => heading.replace(' ', '\n')

/** A long label on several lines, broken where policies are joined or their parameters begin. */
function atJoints(label: string, width: number): string {
  const lines: string[] = ['']
  for (const part of label.split(/(?<= \+ )|(?<=[:,])/)) {
    const last = lines[lines.length - 1]
    if (last !== '' && `${last}${part}`.trimEnd().length > width) lines.push(part)
    else lines[lines.length - 1] = last + part
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}

/** Words instead of a number would widen their column beyond every number in it. */
const broken = (cell: string): string => cell.replace('did not fit the', 'did not fit\nthe')

const lineWidth = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

const widthOf = (columns: readonly Column[], rows: Table['rows'], i: number): number =>
  Math.max(lineWidth(headed(columns[i]?.heading ?? '')), ...rows.map((row) => lineWidth(broken(row[i] ?? ''))))

const totalWidth = (columns: readonly Column[], rows: Table['rows']): number =>
  columns.reduce((sum, _, i) => sum + widthOf(columns, rows, i) + (i === 0 ? 0 : GAP), 0)

/** Columns that say the same of every combination become a note, from the right, until the rest fits the width. */
function fitted({ columns, rows }: Table, width: number): Table & { readonly notes: readonly string[] } {
  if (totalWidth(columns, rows) <= width || rows.length < 2) return { columns, rows, notes: [] }
  const same = columns.findLastIndex((_, i) => i > 0 && rows.every((row) => row[i] === rows[0]?.[i]))
  if (same < 0) return { columns, rows, notes: [] }
  const without = fitted({ columns: columns.toSpliced(same, 1), rows: rows.map((row) => row.toSpliced(same, 1)) }, width)
  return { ...without, notes: [`${columns[same]?.heading}: ${rows[0]?.[same]} for all`, ...without.notes] }
}

const legend = (columns: readonly Column[]): string => {
  const has = (heading: string) => columns.some((column) => column.heading === heading)
  const needed = has('machines needed') ? '; machines needed: 90th percentile (least–most)' : ''
  return `Shares: mean of the cell requested${needed}${has('against the best') ? '; against the best: mean ± half its 95 % interval' : ''}.`
}

function wrap(text: string, width: number): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
