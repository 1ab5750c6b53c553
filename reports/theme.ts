import type { Config } from 'vega-lite'

/** Chart widths in CSS pixels: for a page on a desk, and for a telephone. */
export const WIDE = 860
export const NARROW = 340

/** Told apart by colour-blind readers, and at least 3:1 on both white and near-black paper. */
export const PALETTE = ['#2f7fc1', '#d5602a', '#1f9a77', '#b35c9e', '#b8860b', '#7a74c9'] as const
export const BEST = PALETTE[0]
export const WORST = PALETTE[1]
export const OTHERS = '#9aa0a6'

/** From an empty machine to a full one; above capacity is a colour of its own. */
export const USE_RAMP = ['#e6edf3', '#a9cbe2', '#5d9fcd', '#2a6ca8', '#123f73'] as const
export const OVERFULL = '#d5602a'
export const ABSENT = '#88888826'

const INK = 'currentColor'

/** Marks without boxes, quiet grids, and ink in the colour of the page's text, so that one SVG suits light and dark. */
export const THEME: Config = {
  background: 'transparent',
  // Fonts of Arial's widths first: text is laid out by those widths where there is no browser.
  font: '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", system-ui, sans-serif',
  aria: false,
  view: { stroke: null },
  padding: { left: 2, right: 12, top: 4, bottom: 4 },
  title: {
    anchor: 'start',
    frame: 'bounds',
    color: INK,
    fontSize: 15,
    fontWeight: 600,
    subtitleColor: INK,
    subtitleFontSize: 12,
    subtitlePadding: 5,
    subtitleLineHeight: 16,
    lineHeight: 19,
    offset: 14,
  },
  axis: {
    domain: false,
    ticks: false,
    gridColor: INK,
    gridOpacity: 0.13,
    labelColor: INK,
    labelFontSize: 12,
    labelPadding: 6,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  axisY: { titleAnchor: 'end', titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom' },
  header: { labelColor: INK, labelFontSize: 13, labelFontWeight: 600, labelAnchor: 'start', labelPadding: 6, title: null },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 220,
    symbolStrokeWidth: 3,
    offset: 8,
    columnPadding: 16,
  },
  text: { color: INK, fontSize: 12 },
}
