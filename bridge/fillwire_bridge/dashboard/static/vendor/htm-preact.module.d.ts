// What the page uses of htm and Preact, typed by hand: the package's own types want all of Preact beside them.
export type Child = any;
export function html(strings: TemplateStringsArray, ...values: any[]): Child;
export function h(type: any, props?: any, ...children: Child[]): Child;
export function render(tree: Child, parent: Element): void;
export class Component<P = any, S = any> {
  constructor(props?: P);
  props: P;
  state: S;
  setState(change: Partial<S>): void;
  shouldComponentUpdate(props: P, state: S): boolean;
  render(props: P, state: S): Child;
}
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useReducer<S, A>(reducer: (state: S, action: A) => S, initial: S): [S, (action: A) => void];
export function useEffect(effect: () => void | (() => void), inputs?: readonly any[]): void;
export function useLayoutEffect(effect: () => void | (() => void), inputs?: readonly any[]): void;
export function useRef<T>(initial: T): { current: T };
export function useMemo<T>(make: () => T, inputs: readonly any[]): T;
export function useCallback<F extends Function>(callback: F, inputs: readonly any[]): F;
export function useErrorBoundary(caught?: (error: any) => void): [any, () => void];
