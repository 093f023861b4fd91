/** How later events differ from those that a drone was trained with: PSI and KS, for files and for sliding windows. */
export { Counts, type DriftMeasure, LIMIT, type VariableDrift } from './counts.ts'
export { chance, ks, psi } from './measures.ts'
export { type Reference, referenceOf, type Variable } from './reference.ts'
export { DriftWindow, WINDOW } from './window.ts'
