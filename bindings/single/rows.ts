/** The rows that single events come as: each number of values is read at places of its own. */
import type { Row } from '../events.ts'
import { eight, five, four, one, type Single, seven, six, three, two } from './kernels.ts'

function row1(drone: Single, row: Row): number {
  return one(drone, undefined, row[0])
}

function row2(drone: Single, row: Row): number {
  return two(drone, undefined, row[0], row[1])
}

function row3(drone: Single, row: Row): number {
  return three(drone, undefined, row[0], row[1], row[2])
}

function row4(drone: Single, row: Row): number {
  return four(drone, undefined, row[0], row[1], row[2], row[3])
}

function row5(drone: Single, row: Row): number {
  return five(drone, undefined, row[0], row[1], row[2], row[3], row[4])
}

function row6(drone: Single, row: Row): number {
  return six(drone, undefined, row[0], row[1], row[2], row[3], row[4], row[5])
}

function row7(drone: Single, row: Row): number {
  return seven(drone, undefined, row[0], row[1], row[2], row[3], row[4], row[5], row[6])
}

function row8(drone: Single, row: Row): number {
  return eight(drone, undefined, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
}

/** @param row of as many values as the drone has inputs */
export function scoreRow(drone: Single, row: Row): number {
  switch (drone.count) {
    case 1:
      return row1(drone, row)
    case 2:
      return row2(drone, row)
    case 3:
      return row3(drone, row)
    case 4:
      return row4(drone, row)
    case 5:
      return row5(drone, row)
    case 6:
      return row6(drone, row)
    case 7:
      return row7(drone, row)
    default:
      return row8(drone, row)
  }
}
