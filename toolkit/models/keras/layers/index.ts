/** The layers that are known, by Keras's names. */
import type { Make } from '../layer.ts'
import { activation, eluLayer, leakyReLU, PReLU, relu, softmax } from './activations.ts'
import { Conv } from './conv.ts'
import { Dense } from './dense.ts'
import { LocallyConnected1D } from './locally-connected.ts'
import { add, concatenate } from './merge.ts'
import { batchNormalization, normalization } from './normalization.ts'
import { globalPooling, Pooling } from './pooling.ts'
import { flatten, reshape, unchanged } from './reshape.ts'

export const LAYERS: Readonly<Record<string, Make>> = {
  Dense: Dense.make,
  LocallyConnected1D: LocallyConnected1D.make,
  Conv1D: (layer) => Conv.make(layer, 1),
  Conv2D: (layer) => Conv.make(layer, 2),
  MaxPooling1D: (layer) => Pooling.make(layer, 'max', 1),
  MaxPooling2D: (layer) => Pooling.make(layer, 'max', 2),
  AveragePooling1D: (layer) => Pooling.make(layer, 'average', 1),
  AveragePooling2D: (layer) => Pooling.make(layer, 'average', 2),
  GlobalMaxPooling1D: (layer) => globalPooling(layer, 'max', 1),
  GlobalMaxPooling2D: (layer) => globalPooling(layer, 'max', 2),
  GlobalAveragePooling1D: (layer) => globalPooling(layer, 'average', 1),
  GlobalAveragePooling2D: (layer) => globalPooling(layer, 'average', 2),
  Flatten: flatten,
  Reshape: reshape,
  Dropout: unchanged,
  GaussianDropout: unchanged,
  AlphaDropout: unchanged,
  SpatialDropout1D: unchanged,
  SpatialDropout2D: unchanged,
  GaussianNoise: unchanged,
  Activation: activation,
  Softmax: softmax,
  ReLU: relu,
  ELU: eluLayer,
  LeakyReLU: leakyReLU,
  PReLU: PReLU.make,
  BatchNormalization: batchNormalization,
  Normalization: normalization,
  Add: add,
  Concatenate: concatenate,
}
