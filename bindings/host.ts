/**
 * What our types take from the host. A program may be compiled with the types of a browser, of Node, of Cloudflare's
 * workers, or with none of them: each name is declared here without members, so that the declarations of the host, where
 * there are any, add theirs to it.
 */
declare global {
  interface AbortSignal {}
  // biome-ignore lint/suspicious/noExplicitAny: the parameters are those that every host declares
  interface TransformStream<I = any, O = any> {}
  namespace WebAssembly {
    interface Module {}
  }
  interface SymbolConstructor {
    readonly dispose: unique symbol
    readonly asyncDispose: unique symbol
  }
}

/** A compiled WebAssembly module. */
export type KernelsModule = WebAssembly.Module
/** What stops a run. */
export type Signal = AbortSignal
/** A stream in which each chunk that is written comes out as another. */
export type EventStream<In, Out> = TransformStream<In, Out>
