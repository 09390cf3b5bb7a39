// What the page uses of uPlot, typed by hand: the package's own types are of its script, not of its module.
export default class uPlot {
  constructor(settings: { width: number; height: number; [name: string]: any }, points: any[], target: HTMLElement);
  static paths: { bars(settings: object): any; stepped(settings: object): any };
  static pxRatio: number;
  ctx: CanvasRenderingContext2D;
  /** The plotting area, in pixels of the canvas. */
  bbox: { left: number; top: number; width: number; height: number };
  cursor: { idx: number | null; left: number; top: number };
  over: HTMLElement;
  destroy(): void;
  redraw(rebuildPaths?: boolean, recalcAxes?: boolean): void;
  setCursor(at: { left: number; top: number }): void;
  setData(points: any[]): void;
  setSize(size: { width: number; height: number }): void;
  valToPos(value: number, scale: string, canvasPixels?: boolean): number;
}
