/**
 * Every threshold of the occupancy detector: what it bounds, its unit, and why it is what it is. They lean one way: a seat
 * that is wrongly called empty accuses somebody, a seat that is wrongly called unknown only keeps the accuser silent. What
 * was measured, and on which pictures, is in docs/vision.md.
 */
import type { Ms } from '../../rules/time.ts';

/** How often a seat is looked at, whatever the camera delivers: more adds work and hardly any evidence. */
export const LOOK_EVERY_MS: Ms = 450;

export const REFERENCE = {
  /**
   * Unlike an empty seat by at most this share = the empty seat. On hall pictures no seated person was below 0.13, on the
   * tuning clip none below 0.39, and the unmoved empty seat stayed below 0.05.
   */
  sameShare: 0.1,
  /** … and no connected patch of change larger than this share of the seat: a person in a corner is one patch. */
  samePatch: 0.05,
  /** Contrast may fall to this, or rise to its inverse: below it a dark picture would be like anything. */
  leastGain: 0.3,
  /** Unlike by at least this share = something else is there. Between the two nothing is said. */
  otherShare: 0.22,
  /** … or one patch of change as large as this. */
  otherPatch: 0.15,
  /** Pictures kept of each light (day, night) that somebody gave; the oldest goes. */
  mostGiven: 6,
  /** Pictures kept of each light that were learnt; the oldest goes. */
  mostLearnt: 4,
  /** Mean grey of the seat below which a picture belongs to the night's: lamps off, or the camera's own infrared light. */
  nightBelow: 60,
} as const;

export const MOTION = {
  /** Grey levels by which a smoothed pixel must change against its surroundings: an empty chair stays below 2.5. */
  pixelDifference: 5,
  /** … and this many times as much as it stands out of them: a lamp makes that more or less by a fifth. */
  detailTimes: 0.35,
  /** … and this many times the middle pixel's change, so that a noisy camera judges itself. */
  noiseTimes: 5,
  /** Share of a seat's pixels that must change. A writing hand is 0.03 and more, a still seat 0.00. */
  leastShare: 0.01,
  /** … and this many times the seat's own noise, seen while it was known to be empty. */
  floorTimes: 1.5,
  /** … and this many times what moves in most of the whole picture: a camera in the wind, a codec that pumps. */
  stirTimes: 3,
  /** Above this share of stirring in the whole picture (light, camera) nothing is read from motion at all. */
  mostStir: 0.35,
  /** A limit above this would never be reached by people. */
  mostLimit: 0.25,
  /** Youngest picture that is compared with: a frame of 25 a second differs from the next by nothing. */
  shortGapMs: 900,
  /** Slow shifts of posture show against pictures of this age … */
  longGapFromMs: 3_000,
  /** … up to this age; the seat must differ from all of them, or one passer-by would be seen twice. */
  longGapToMs: 20_000,
} as const;

export const ALIVE = {
  /** A seat that is known to look other than empty is somebody's … */
  other: {
    /** … after this many looks with motion, this far apart: a lamp, a falling coat is one jump … */
    looks: 2,
    spanMs: 2_000,
    /** … within this time, … */
    withinMs: 15_000,
    /** … until nothing has moved for so long: longer, and a coat or a chair left aside would be somebody … */
    holdMs: 45_000,
    /** … or so long, while it looks as it did when something moved in it. */
    sameHoldMs: 300_000,
  },
  /** Where only motion speaks for a person, a passer-by must not do. */
  alone: { looks: 3, spanMs: 6_000, withinMs: 20_000, holdMs: 10_000, sameHoldMs: 90_000 },
  /** Motion that is older than this is forgotten. */
  longHoldMs: 300_000,
  /** "Looks as it did": unlike by at most this share. */
  sameShare: 0.15,
  /** … in motion at least this far apart, so that the last glimpse of somebody leaving does not hold. */
  sameSpanMs: 8_000,
  /** Pictures in motion that are kept for that, and the least time between two. */
  mostPictures: 6,
  pictureEveryMs: 2_000,
  /** Nothing has moved for so long: this is how the seat looks at rest, be it a chair or somebody asleep in it. */
  restMs: 6_000,
  /** What differs from every picture at rest by this share is something that came … */
  strayedShare: 0.22,
  /** … and it is gone when one of them is back to within this share: a passer-by is no occupant. */
  returnedShare: 0.05,
  /** Pictures at rest that are remembered. */
  mostStill: 4,
} as const;

export const PERSON = {
  /** A score of the person model from here on is a person: people of the clips had 0.36 and more, empty places 0.32 at most. */
  present: 0.4,
  /** … and up to here is nobody: most empty places of the clips. */
  absent: 0.15,
  /**
   * Nobody must be seen this many times over this long in a seat where nothing moves: one miss is no evidence, and a model that
   * misses somebody who sits still misses them again. Somebody who does not stir at all for two minutes was never seen.
   */
  absentLooks: 6,
  absentSpanMs: 120_000,
  /**
   * … and only by a model that has shown at this very seat that it knows people there: it saw somebody this many times in a
   * row when there surely was somebody. From above, behind glass or in the wrong file a model may see nobody, ever.
   */
  provenLooks: 3,
  /** How often it must show that, until it has, and again afterwards. */
  provingMs: 20_000,
  provenAgainMs: 600_000,
  /** A vote older than this is not of this picture; keyframes may be six seconds apart. */
  freshMs: 8_000,
  /** The model is asked at most this often for a seat; it costs 30 ms and more. */
  everyMs: 10_000,
} as const;

export const SETTLING = {
  /** Occupied is said after this long and so many looks. */
  occupiedMs: 1_000,
  occupiedLooks: 2,
  /** Empty is said after this long and so many looks; it is taken back at the first look that does not agree. */
  emptyMs: 2_000,
  emptyLooks: 3,
  /** An empty seat must have been still this long. */
  quietMs: 1_000,
} as const;

export const LEARNING = {
  /**
   * A picture learns itself as empty only if it came back: so many still times of this length each, …
   */
  episodes: 3,
  stillMs: 600_000,
  /** … in which nothing moved and the picture stayed the same within this share (a sleeper's posture drifts), … */
  stillShare: 0.03,
  /** … all alike within this share, … */
  alikeShare: 0.06,
  /** … with somebody seen at the seat for this long between each two, who looked other than it. */
  livedMs: 60_000,
  /** … and the first so long before the last: somebody may sleep through a noon, with customers in between. */
  spanMs: 28_800_000,
  /** A seat that has been empty without a break this long lends its picture to the bank as the daylight moves on … */
  keptMs: 60_000,
  /** … when it has come this far from the nearest one in it. */
  keptShare: 0.04,
  /** A longer gap between two looks, and somebody could have come in between. */
  gapMs: 5_000,
} as const;

export const HEALTH = {
  /** No picture for this long, or for three times the usual pause between two, is a lost camera. */
  lostMs: 10_000,
  lostTimes: 3,
  /** The same picture for this long and so many looks: sensors make noise, so this is no live picture. */
  frozenMs: 6_000,
  frozenLooks: 4,
  /**
   * A repeated picture: no more than this share of its pixels differs by this many grey levels, and none by more than the
   * most. What a codec makes of one picture again and again stays below 0.0015; live pictures differ in 0.02 and more.
   */
  repeatedShare: 0.004,
  repeatedFrom: 2,
  repeatedMost: 4,
  /** Mean grey below which nothing can be told. */
  darkMean: 18,
  /** Standard deviation, grey levels, below which the picture is one surface: a cover, fog, a blinded sensor. */
  plainSpread: 5,
  /** Sharpness (Laplacian over grey variance) below this share of its usual value is a defocused or smeared lens. */
  blurredShare: 0.3,
  /** Share of the scene's lasting edges that must still be there. */
  sceneLeast: 0.3,
  /** With less than this of them, a shift that brings them back means a nudged camera. */
  nudgedBelow: 0.62,
  /** … if it brings back this much more. */
  nudgedGain: 0.15,
  /** How far is looked for such a shift, pixels of the small whole picture. */
  shiftPixels: 6,
  /** A picture with less than this share of its edges is covered rather than moved. */
  coveredEdges: 0.35,
  /** With fewer lasting edges outside the seats than this the scene cannot be told from another one. */
  leastEdges: 60,
  /** Edges are lasting once they were there most of this time; a chair that was moved becomes part of the scene. */
  sceneMs: 60_000,
  /** An edge is a change of grey this many times the picture's mean change … */
  edgeTimes: 2,
  /** … and at least this many grey levels. */
  edgeLeast: 6,
} as const;

/** Where seats are, from where it keeps moving (seat-proposal.ts). */
export const PROPOSAL = {
  /** Side of a cell, pixels of half the small whole picture: less than a head. */
  cellPx: 3,
  /** Pixels of a cell that must change for it to have moved. */
  cellPixels: 2,
  /** Motion is judged by stretches of this length, in each third of which it must be: whoever walks past is gone sooner … */
  slotMs: 24_000,
  /** … if they hold so many looks … */
  slotLooks: 5,
  /** … and somebody stayed where it moved in at least this share of them. */
  stayShare: 0.3,
  /** A longer gap between two looks, and what differs is no motion. */
  gapMs: 8_000,
  /** Somebody must have stayed in this share of the stretches, and in so many. */
  leastShare: 0.12,
  leastSlots: 3,
  /** So many cells apart, one above the other, is still one person. */
  apartCells: 4,
  /** Share of the picture that a seat takes up. */
  leastArea: 0.008,
  mostArea: 0.5,
} as const;
