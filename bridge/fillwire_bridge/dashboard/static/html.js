// @ts-check
/** The one door to the vendored htm and Preact: components say what they are made of, and no build step is needed. */
export {
  Component,
  h,
  html,
  render,
  useCallback,
  useEffect,
  useErrorBoundary,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "./vendor/htm-preact.module.js";
