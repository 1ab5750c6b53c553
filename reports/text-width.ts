/** Advance widths of Arial's ASCII from the space on, in thousandths of the font size: 95 numbers. */
const ADVANCE = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]
const OTHER = 600
/** Room for the reader's own font being wider than Arial. */
const SLACK = 1.04
const BOLD = 1.06

/** How wide text is about to be, in pixels: without a canvas Vega guesses 0.8 em a letter, which pushes every label away from its axis. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let thousandths = 0
  for (let i = 0; i < text.length; i++) thousandths += ADVANCE[text.charCodeAt(i) - 32] ?? OTHER
  return (thousandths / 1000) * fontSize * SLACK * (bold ? BOLD : 1)
}
