// @ts-check
import { html } from "../html.js";

/** @typedef {import("./spec.js").Spec} Spec */

/**
 * What is drawn as what. Lines can be taken out and put back.
 * @param {{spec: Spec, hidden: ReadonlySet<string>, onHide: (hidden: ReadonlySet<string>) => void}} props
 */
export function Legend({ spec, hidden, onHide }) {
  if (spec.series.length === 1 && !spec.total) return null;
  const entry = spec.kind === "lines" ? toggle(hidden, onHide) : fixed;
  return html`<ul class="plot-legend">
    ${spec.series.map(entry)}
    ${spec.total && html`<li><${Swatch} colour="--ink" line=${true} />${spec.total}</li>`}
  </ul>`;
}

/**
 * @param {{colour: string, dash?: number[], line: boolean}} props
 */
export function Swatch({ colour, dash, line }) {
  const [wide, high] = line ? [16, 8] : [9, 9];
  return html`<svg class="swatch" width=${wide} height=${high} aria-hidden="true">
    ${line
      ? html`<line x1="0" x2=${wide} y1="4" y2="4" stroke="var(${colour})" stroke-width="2" stroke-dasharray=${dash?.join(" ")} />`
      : html`<rect width=${wide} height=${high} rx="2" fill="var(${colour})" />`}
  </svg>`;
}

/** @param {import("./spec.js").Series} series */
function fixed({ label, colour }) {
  return html`<li key=${label}><${Swatch} colour=${colour} line=${false} />${label}</li>`;
}

/** @param {ReadonlySet<string>} hidden @param {(hidden: ReadonlySet<string>) => void} onHide */
function toggle(hidden, onHide) {
  return (/** @type {import("./spec.js").Series} */ { label, colour, dash }) => {
    const other = new Set(hidden);
    if (!other.delete(label)) other.add(label);
    return html`<li key=${label}>
      <button type="button" aria-pressed=${!hidden.has(label)} onClick=${() => onHide(other)}>
        <${Swatch} colour=${colour} dash=${dash} line=${true} />${label}
      </button>
    </li>`;
  };
}
