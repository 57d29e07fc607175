import type { PersonModel, PersonSource } from '../person-model.ts';
import { humanModel } from './human.ts';
import { onnxModel } from './onnx.ts';

/** Loads a model. Throws a `PersonModelError` where it cannot be had. */
export const personModel = ({ model, packages }: PersonSource): Promise<PersonModel> =>
  model === 'human' ? humanModel(packages) : onnxModel(model, packages);
