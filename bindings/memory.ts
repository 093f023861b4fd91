/** Frees what drones and swarms hold of an engine's memory once they are forgotten rather than disposed. */

interface Held {
  release(): void
}

const forgotten = new FinalizationRegistry<Held>((held) => held.release())

/** From now on `owner` holds `held`, and nothing that it held before. */
export function holds(owner: object, held: Held): void {
  forgotten.unregister(owner)
  forgotten.register(owner, held, owner)
}

/** Frees what `owner` held, now. */
export function releases(owner: object, held: Held): void {
  forgotten.unregister(owner)
  held.release()
}
