import { escapeHtml } from '../escape-html.ts'
import { ABSENT, OVERFULL, USE_RAMP } from '../theme.ts'
import type { Pictures } from './pictures.ts'

/** The controls and the empty stage of the picture of the cell; the page's script fills it. */
export function explorer(pictures: Pictures | null): string {
  if (pictures === null) return ''
  const options = (labels: readonly string[]) => labels.map((label, i) => `<option value="${i}">${escapeHtml(label)}</option>`).join('')
  const middle = Math.floor((pictures.hours.length - 1) / 2)
  return `<div id="explorer" hidden>
<div class="controls" role="group" aria-label="Picture of the cell">
<label>policy <select name="policy">${options(pictures.policies.map((policy) => policy.label))}</select></label>
<label>resource <select name="resource">${options(pictures.resources.map((resource) => resource.label))}</select></label>
<label>order <select name="order"><option value="machine">of the trace</option><option value="fullest">fullest first</option></select></label>
<label class="time"><span>time <output aria-live="off"></output></span><input type="range" name="time" min="0" max="${pictures.hours.length - 1}" step="1" value="${middle}"></label>
</div>
<div class="picture" role="img" aria-label="One square a machine, coloured by the share of it that is requested"></div>
<p class="ramp"><span class="key">empty <i class="scale" style="background:linear-gradient(90deg,${USE_RAMP.join(',')})"></i> full</span><span class="key"><i style="background:${OVERFULL}"></i>over capacity</span><span class="key"><i style="background:${ABSENT}"></i>absent, or without the resource</span></p>
<p class="note"><span class="told" aria-live="polite"></span> ${escapeHtml(pictures.note)}</p>
</div>`
}
