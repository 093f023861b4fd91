/**
 * The records that single events come as. To read a key is cheap at a place that always reads the same key. So there are
 * eight readers that do the same, each with places of its own, and each drone keeps to the one that its list of names was
 * given first; lists that come later share the last reader, which is slower. They are written out, since not every host
 * lets code be made at run time, and functions made by one function would share their places.
 */
import type { EventRecord } from '../events.ts'
import { eight, type Single } from './kernels.ts'

function reader1(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader2(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader3(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader4(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader5(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader6(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader7(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader8(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

function reader9(drone: Single, e: EventRecord): number {
  const { names: k, count: n } = drone
  return eight(
    drone,
    e,
    e[k[0]!],
    n > 1 ? e[k[1]!] : 0,
    n > 2 ? e[k[2]!] : 0,
    n > 3 ? e[k[3]!] : 0,
    n > 4 ? e[k[4]!] : 0,
    n > 5 ? e[k[5]!] : 0,
    n > 6 ? e[k[6]!] : 0,
    n > 7 ? e[k[7]!] : 0,
  )
}

/** The readers' numbers by lists of names; a reader is never given to another list. */
const readers = new Map<string, number>()

/** @returns the number of the reader for a list of names */
function readerOf(names: readonly string[]): number {
  const key = JSON.stringify(names)
  const reader = readers.get(key) ?? readers.size + 1
  if (reader <= 8) readers.set(key, reader)
  return reader
}

export function scoreRecord(drone: Single, record: EventRecord): number {
  switch (drone.reader) {
    case 0:
      drone.reader = readerOf(drone.names)
      return scoreRecord(drone, record)
    case 1:
      return reader1(drone, record)
    case 2:
      return reader2(drone, record)
    case 3:
      return reader3(drone, record)
    case 4:
      return reader4(drone, record)
    case 5:
      return reader5(drone, record)
    case 6:
      return reader6(drone, record)
    case 7:
      return reader7(drone, record)
    case 8:
      return reader8(drone, record)
    default:
      return reader9(drone, record)
  }
}
