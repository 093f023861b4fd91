/**
 * Hadrons of partons, as local parton-hadron duality has it (Azimov, Dokshitzer, Khoze and Troyan, Z. Phys. C 27 (1985)
 * 65): as many, with the same momenta. Here each parton becomes two, which a momentum of the size of a pion's sends apart.
 */
import type { Random } from 'nndrone'
import { normal } from '../../normal.ts'
import type { Parton } from './shower.ts'

export interface Hadron {
  /** [GeV] */
  pt: number
  phi: number
  eta: number
  charged: boolean
}

/** Of the momentum of a hadron across its parton [GeV]. */
const SPREAD = 0.3

/** Of three pions two are charged. */
const CHARGED = 2 / 3

export function hadrons(random: Random, partons: readonly Parton[]): Hadron[] {
  return partons.flatMap(({ pt, phi, eta }) => {
    const share = 0.2 + 0.6 * random.uniform()
    const [x, y] = [SPREAD * normal(random), SPREAD * normal(random)]
    return [
      [share, 1],
      [1 - share, -1],
    ].map(([part, side]) => ({
      pt: part! * pt,
      phi: phi + (side! * x) / (pt * part!),
      eta: eta + (side! * y) / (pt * part!),
      charged: random.uniform() < CHARGED,
    }))
  })
}
