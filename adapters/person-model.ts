/**
 * The contract of models that know people in pictures. They are asked whether somebody is at a seat, and nothing else: no
 * model here is given a face to compare, and none says who it is.
 */
import type { GrayPicture } from './camera.ts';

/** A seat with a little of what is around it. */
export interface SeatCut {
  readonly picture: GrayPicture;
  /** The seat within the picture, in fractions of its width and height. */
  readonly seat: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface PersonModel {
  /** For people: what it is, and in which version. */
  readonly name: string;
  /** 0 = surely nobody at the seat, 1 = surely somebody. */
  score(cut: SeatCut): Promise<number>;
}

/** Where a model comes from: `human`, or the path of an ONNX file; and the folder into which npm put what it needs. */
export interface PersonSource {
  readonly model: string;
  readonly packages: string;
}

/**
 * `not-installed` a package is not there · `broken` one is there and does not work · `unreadable` there is no such file, or
 * it cannot be read · `unfit` it is not a model, or not one that is known here.
 */
export type PersonFault = 'not-installed' | 'broken' | 'unreadable' | 'unfit';

export class PersonModelError extends Error {
  override readonly name = 'PersonModelError';
  readonly fault: PersonFault;
  /** A line to type that may help; null = there is none. */
  readonly remedy: string | null;
  /** Whether trying again can help although nobody changes anything. */
  readonly retry = false;

  constructor(fault: PersonFault, detail: string, options: ErrorOptions & { readonly remedy?: string } = {}) {
    super(detail, options);
    this.fault = fault;
    this.remedy = options.remedy ?? null;
  }
}
