// @ts-check
import uPlot from "../vendor/uPlot.esm.js";
import { onScheme } from "./palette.js";
import { points, settings } from "./settings.js";
import { shape } from "./spec.js";

/** @typedef {import("./spec.js").Spec} Spec */

/** A canvas in `host` that shows a spec, as wide as its host and in the page's colours. */
export class Chart {
  #host;
  #spec;
  #height;
  #pointed;
  /** @type {uPlot} */
  #plot;
  #resized = new ResizeObserver(() => this.#fit());
  #repainted = onScheme(() => this.#plot.redraw(false, false));

  /**
   * @param {HTMLElement} host
   * @param {Spec} spec
   * @param {{height: number, pointed: (at: number | null, left: number) => void}} how `pointed` hears where the pointer is
   */
  constructor(host, spec, { height, pointed }) {
    this.#host = host;
    this.#spec = spec;
    this.#height = height;
    this.#pointed = pointed;
    this.#plot = this.#built();
    this.#resized.observe(host);
  }

  /** @param {Spec} spec */
  show(spec) {
    const same = shape(spec) === shape(this.#spec);
    this.#spec = spec;
    if (same) return this.#plot.setData(points(spec));
    this.#plot.destroy();
    this.#plot = this.#built();
  }

  /** Points at a place of x, or at none. @param {number | null} at */
  point(at) {
    const left = at === null ? -10 : this.#plot.valToPos(this.#spec.x[at], "x");
    this.#plot.setCursor({ left, top: at === null ? -10 : 0 });
  }

  close() {
    this.#resized.disconnect();
    this.#repainted();
    this.#plot.destroy();
  }

  #built() {
    const pointed = (/** @type {number | null} */ at) => this.#tell(at);
    const how = { width: this.#host.clientWidth, height: this.#height, pointed };
    return new uPlot(settings(() => this.#spec, how), points(this.#spec), this.#host);
  }

  /** @param {number | null} at */
  #tell(at) {
    const inside = this.#plot !== undefined && this.#plot.cursor.left >= 0;
    this.#pointed(inside ? at : null, inside ? this.#plot.over.offsetLeft + this.#plot.cursor.left : 0);
  }

  #fit() {
    const width = this.#host.clientWidth;
    if (width) this.#plot.setSize({ width, height: this.#height });
  }
}
