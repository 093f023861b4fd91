/** The formats that are read, by their ids. */
import type { ModelFormat } from './model.ts'
import { drone } from './read/drone.ts'
import { keras } from './read/keras/index.ts'
import { lightgbm } from './read/lightgbm/index.ts'
import { lwtnn } from './read/lwtnn/index.ts'
import { module } from './read/module/index.ts'
import { onnx } from './read/onnx/index.ts'
import { tmva } from './read/tmva/index.ts'
import { xgboost } from './read/xgboost/index.ts'

/** In this order each is asked whether a file is its own; a drone is what no other knows of its JSON. */
export const FORMATS = { keras, xgboost, lightgbm, tmva, lwtnn, onnx, module, drone } satisfies Record<
  string,
  ModelFormat
>

export type FormatId = keyof typeof FORMATS
