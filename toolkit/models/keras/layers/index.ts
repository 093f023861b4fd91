/** The layers that are known, by Keras's names. */
import type { Make } from '../layer.ts'
import { activated, PReLU, softmax } from './activations.ts'
import { Conv } from './conv.ts'
import { Dense } from './dense.ts'
import { layerNormalization } from './layer-normalization.ts'
import { LocallyConnected1D } from './locally-connected.ts'
import { masking } from './masking.ts'
import { concatenate, merged } from './merge.ts'
import { batchNormalization, normalization } from './normalization.ts'
import { globalPooling, Pooling } from './pooling.ts'
import { rescaling } from './rescaling.ts'
import { flatten, reshape, unchanged } from './reshape.ts'
import { timeDistributed } from './time-distributed.ts'

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
  ActivityRegularization: unchanged,
  Activation: activated('Activation'),
  Softmax: softmax,
  ReLU: activated('ReLU'),
  ELU: activated('ELU'),
  LeakyReLU: activated('LeakyReLU'),
  GELU: activated('GELU'),
  PReLU: PReLU.make,
  BatchNormalization: batchNormalization,
  Normalization: normalization,
  LayerNormalization: layerNormalization,
  Rescaling: rescaling,
  Masking: masking,
  Add: (layer) => merged(layer, 'add'),
  Subtract: (layer) => merged(layer, 'subtract'),
  Multiply: (layer) => merged(layer, 'multiply'),
  Average: (layer) => merged(layer, 'average'),
  Maximum: (layer) => merged(layer, 'maximum'),
  Minimum: (layer) => merged(layer, 'minimum'),
  Concatenate: concatenate,
  TimeDistributed: (layer) => timeDistributed(layer, LAYERS),
}
