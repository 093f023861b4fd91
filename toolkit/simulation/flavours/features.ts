/** The 66 inputs of the tagger, in the order of DeepCSV's: of the jet, of six tracks, and of the best vertex. */
import type { Jet, Track } from './jet.ts'

const TRACKS = 6
const VERTEX_TRACKS = 4

/** Charm flies so that tracks together weigh more than this [GeV] only where there was beauty. */
const CHARM_MASS = 1.5

const OF_JET = [
  'jet_pt',
  'jet_eta',
  'n_vertices',
  'sum_et_ratio',
  'sum_delta_r',
  'vertex_category',
  'ip2d_above_charm',
  'sip2d_above_charm',
  'ip3d_above_charm',
  'sip3d_above_charm',
  'n_tracks',
  'n_vertex_tracks',
] as const

const OF_TRACK = ['axis_distance', 'pt_rel', 'delta_r', 'pt_ratio', 'sip3d', 'sip2d', 'decay_length'] as const

const OF_VERTEX = [
  'vertex_mass',
  'vertex_tracks',
  'vertex_energy_ratio',
  'vertex_delta_r',
  'flight2d',
  'flight2d_sig',
  'flight3d',
  'flight3d_sig',
] as const

export const FEATURES: readonly string[] = [
  ...OF_JET,
  ...OF_TRACK.flatMap((name) => Array.from({ length: TRACKS }, (_, i) => `track_${name}_${i}`)),
  ...Array.from({ length: VERTEX_TRACKS }, (_, i) => `track_eta_rel_${i}`),
  ...OF_VERTEX,
]

/** NaN where there is no such track or vertex. */
export function featuresOf(jet: Jet): number[] {
  const { pt, eta, tracks, vertices } = jet
  const vertex = vertices[0]
  const energy = tracks.reduce((sum, { pt }) => sum + pt, 0)
  const far = tracks.filter(({ hadron, sip3d }) => hadron >= 0 && sip3d > 2)
  const pseudo = tracks.filter(({ sip2d }) => sip2d > 2).length >= 2
  const heavy = aboveCharm(tracks)
  const of = (measure: (track: Track) => number) =>
    Array.from({ length: TRACKS }, (_, i) => (tracks[i] ? measure(tracks[i]) : Number.NaN))
  return [
    ...[pt, eta, vertices.length, energy / pt],
    ...[tracks.reduce((sum, track) => sum + track.pt * track.deltaR, 0) / (energy || 1), vertex ? 0 : pseudo ? 1 : 2],
    ...[heavy?.ip2d, heavy?.sip2d, heavy?.ip3d, heavy?.sip3d].map((value) => value ?? Number.NaN),
    ...[tracks.length, vertex ? far.length : 0],
    ...of((track) => track.axisDistance),
    ...of((track) => track.ptRel),
    ...of((track) => track.deltaR),
    ...of((track) => track.pt / pt),
    ...of((track) => track.sip3d),
    ...of((track) => track.sip2d),
    ...of((track) => track.decayLength),
    ...Array.from({ length: VERTEX_TRACKS }, (_, i) => {
      const track = vertex && far[i]
      return track ? Math.asinh(track.pt / Math.max(track.ptRel, 0.01)) : Number.NaN
    }),
    ...(vertex
      ? [vertex.mass, vertex.tracks, vertex.energyRatio, vertex.deltaR]
      : new Array<number>(4).fill(Number.NaN)),
    ...(vertex
      ? [vertex.flight2d, vertex.sig2d, vertex.flight3d, vertex.sig3d]
      : new Array<number>(4).fill(Number.NaN)),
  ]
}

/** The track with which those of larger impact parameters together come to weigh more than charm does. */
function aboveCharm(tracks: readonly Track[]): Track | undefined {
  let mass = 0
  return tracks.find(({ ptRel, sip2d }) => {
    mass += sip2d > 0 ? Math.hypot(ptRel, 0.14) : 0
    return mass > CHARM_MASS
  })
}
