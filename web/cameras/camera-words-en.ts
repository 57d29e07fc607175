/** The words of the pages about cameras, in English. */
import type { CameraWords } from './camera-strings.ts';

export const en: CameraWords = {
  title: 'Cameras',
  back: 'Board',
  cameras: 'Cameras',
  add: 'Add a camera',
  addMany: 'Add many',
  none: 'There are no cameras yet.',
  noFfmpeg: 'There is no ffmpeg here that works, so no pictures can be seen; install one and restart the daemon.',
  simulated: 'This is a demonstration: whether seats are taken is played, and no camera is read.',
  noPersonModel: (what) => `The model that knows people cannot be used, and seats in doubt stay unknown: ${what}`,
  personModel: (what) => `Asked in doubt: ${what}`,
  noRead: 'Its pictures are not read; it says itself what it sees.',
  trials: 'Being set up',
  goOn: 'Go on',
  states: {
    starting: 'connecting',
    live: 'delivers',
    lost: 'no picture',
    failed: 'cannot be read',
    stopped: 'stopped',
  },
  quality: { excellent: 'excellent', fair: 'fair', poor: 'poor', unusable: 'unusable' },
  qualityIs: (what) => `quality ${what}`,
  counts: (reconnects, stalls) => `${reconnects} reconnections, ${stalls} stalls`,
  every: (what) => `a picture every ${what} s`,
  seats: { occupied: 'occupied', empty: 'empty', unknown: 'unknown' },
  remedy: (what) => `What to do: ${what}`,
  pictureOf: (what) => `What ${what} shows now; all but the seats and what is around them is covered`,
  noPicture: 'no picture at present',
  teach: 'Empty now',
  teachHint:
    'Press while nobody sits there or passes. Three pictures are looked at; a seat in which something moves is not learnt.',
  teaching: 'Learning; please keep away from the seat…',
  taught: {
    learnt: (what) => `The empty seat of ${what} is learnt`,
    restless: (what) => `Something moved at ${what}; it was not learnt. Press again while nobody is there`,
  },
  known: (given, learnt) => `pictures of the empty seat: ${given} given, ${learnt} learnt by itself`,
  setUp: 'Test, draw seats',
  survey: (count) => `${count} camera${count === 1 ? ' has' : 's have'} no seats`,
  surveyStart: 'Watch the motion, propose seats',
  surveyFor: 'For how long',
  surveyHint:
    'Watches for a while, with people at work, where it moves, and proposes seats there; only a proposal, which you check when you open the camera. Sixteen at once.',
  minutes: (count) => (count < 60 ? `${count} minutes` : `${count / 60} h`),
  surveyed: (count) => `${count} watched from now on.`,
  surveyState: (state, until, seats) =>
    state === 'watching'
      ? `Being watched until ${until}; seats proposed so far: ${seats}.`
      : seats === 0
        ? 'Watched; there is no seat to propose. Draw them yourself.'
        : `Watched: seats proposed: ${seats}. Open “test, draw seats” to check them.`,
  breaks: 'Pictures of empty seats at a break',
  breaksStart: 'Take pictures at the next break',
  breaksHint:
    'From five minutes into a break or after closing, one of each seat in which nothing has moved for three minutes; asked for 24 hours. They are in memory only and gone after a restart. Nothing is learnt before you have looked at each: somebody asleep does not move either.',
  breaksAsked: (count) => `Pictures will be taken at the next break, of so many cameras: ${count}.`,
  breakState: {
    waiting: 'Waits for the next break to take a picture',
    watching: 'Waits for a quiet time to take a picture',
    ready: 'There is a picture to be looked at',
    taught: 'The picture of the break is learnt',
    denied: 'Not empty: the picture was dropped, nothing was learnt',
    none: 'No picture was taken at a break',
  },
  breakTaken: (when, minutes, light) =>
    `${when}${light === 'night' ? ' (dark)' : ''}; nothing moved for ${minutes} minutes`,
  breakPictureOf: (what) => `the seat of ${what} at the break`,
  breakQuestion: 'Is nobody at the seat in it?',
  isEmpty: 'Empty',
  notEmpty: 'Not empty',
  denied: (what) => `The picture of ${what} was dropped, nothing was learnt; ask again if you need one`,
  useProposed: (count) => `Put the proposed seats (${count}) into the picture`,
  proposedHint: 'Check where they are and of which windows before you apply them.',
  witnesses: {
    picture: 'picture',
    reference: 'unlike the empty seat',
    patch: 'largest patch',
    motion: 'motion',
    person: 'person',
    time: 'has lasted',
  },
  vote: (limit) => `(limit ${limit})`,
  comma: '. ',

  find: '1 Find the camera',
  findHint:
    'No password is sent. If it is not found, see whether ONVIF ("integration protocol" in some) is turned on in the camera, or name a range.',
  ranges: 'Range of addresses (optional)',
  search: 'Search the network',
  searching: 'Searching…',
  news: (what, address, addresses) =>
    what === 'card'
      ? `asking on network card ${address}`
      : what === 'range'
        ? `asking ${addresses} addresses one by one`
        : what === 'left'
          ? `time is up, ${addresses} addresses were not asked; name a smaller range`
          : `the network card ${address} cannot be used`,
  nothingFound: 'Nothing was found. An address can be written below.',
  choose: 'Use this',
  configured: (what) => `configured as ${what}`,
  address: 'Address',
  addressHint: 'onvif://192.168.1.64, or the rtsp:// address of the sub-stream',
  user: 'User',
  password: 'Password',
  loginOf: 'User and password as',
  ownLogin: '(written here)',
  test: 'Test it',
  testHint: 'A password is tried once; a wrong one is said, and not tried again until the camera locks itself.',

  testing: 'Being tested…',
  passed: 'The test passed',
  failed: 'It did not pass',
  again: 'Test again',
  tested: 'Test',
  draw: 'Where the seat is in the picture',
  drawHint:
    "Drag a seat on the picture: a sitting person fills at least a fifth of it, and the chair's back is in it. Drag a corner to change it; arrow keys move a chosen corner by 1% (Shift 5%), or write numbers.",
  window: 'Window',
  left: 'left %',
  top: 'top %',
  width: 'width %',
  height: 'height %',
  points: 'Corners (left,top; %)',
  pointsHint: 'at least three, such as 10,20 40,20 40,60',
  polygon: 'Make it a polygon',
  addSeat: 'Add a seat',
  removeSeat: 'Remove',
  apply: 'Apply',
  applied: 'Applied; it is looked at anew…',
  share: (what) => `${what}% of the picture`,
  small: 'Too small: below 2% of the picture nothing can be told.',
  overlaps: (what) => `More than half of it is that of ${what}.`,
  sameWindow: (what) => `${what} has more than one seat: two seats are two windows of one group.`,
  corner: (seat, corner) => `corner ${corner} of ${seat}`,
  seatOf: (what) => `seat of ${what}`,
  live: 'How it is judged now',
  drawFirst: 'Draw a seat and apply it first.',
  check: 'Check: leave the seat for ten seconds',
  checkHint: 'Have somebody sit down, press, and do as it says; how long each took to be seen is noted.',
  checkSteps: {
    sit: 'Please sit down at the seat.',
    leave: 'Please leave the seat, out of its part of the picture, for ten seconds.',
    return: 'Please come back and sit down.',
  },
  checkSeen: {
    sit: (seconds) => `seen occupied after ${seconds} s`,
    leave: (seconds) => `seen empty after ${seconds} s`,
    return: (seconds) => `seen occupied again after ${seconds} s`,
  },
  checkEnd: { passed: 'The check passed', failed: 'The check did not pass' },
  checkMissed: {
    sit: 'nobody was seen within a minute',
    leave: 'it was not seen empty within a minute',
    return: 'nobody was seen again within a minute',
  },
  judgedLast: (state) => `; judged last: ${state}`,
  save: 'Write into hall.yaml',
  id: 'Id of the camera',
  showChange: 'Show what would change',
  noChange: 'hall.yaml says the same already.',
  notAccepted: 'The configuration could not be used like that; nothing was written:',
  write: 'Write and take up',
  needsAdmin: 'Writing needs an administrator: have one sign in and open this page.',
  notWritable: 'The daemon does not know its configuration file; make this change by hand.',
  saved: (what) => `Written and taken up: ${what}`,
  notTaken: (what) => `Written, but not taken up: ${what}`,
  end: 'End',
  sheet: 'Acceptance sheet',
  troubles: {
    busy: 'Too much is under way; wait a little, or end one.',
    'bad-range': 'A range is such as 192.168.1.0/24, of at most a thousand addresses (/22).',
    'bad-source':
      'The address cannot be used: a whole one is expected that begins with rtsp://, rtsps://, http://, https:// or onvif://.',
    'no-ffmpeg': 'There is no ffmpeg here that works.',
    'no-picture': 'There are no pictures that can be believed now; nothing was learnt.',
    interrupted: 'The camera has just been connected anew and nothing was learnt; press again.',
    'no-seat': 'There is no such seat.',
    'other-picture':
      'That picture is there no more: the seat was changed, somebody has decided, or a better one took its place. Look again.',
    changed: 'hall.yaml, or what is to be written, was changed meanwhile; look again at what would change.',
    invalid: 'The configuration could not be used like that; nothing was written.',
    layout: 'hall.yaml is written in a way that cannot be changed automatically; change it by hand.',
    unreadable: 'hall.yaml cannot be read.',
    'not-written':
      'hall.yaml cannot be written (read-only, a full disk, or a file mounted by itself); nothing was changed. See to it and try again, or change it by hand.',
    'not-writable': 'The daemon does not know its configuration file; change it by hand.',
    gone: 'This has ended (nobody looked for twenty minutes); begin anew.',
    forbidden: 'Your roles do not allow this.',
    'signed-out': 'Please sign in first.',
    refused: 'Something was filled in wrongly.',
    unreachable: 'The daemon cannot be reached; try again later.',
  },

  sheetTitle: 'Acceptance sheet of a camera',
  print: 'Print',
  sheetRows: {
    camera: 'Camera',
    address: 'Address',
    stream: 'Stream',
    by: 'Set up by',
    saved: 'Written',
    when: 'Date',
    version: 'Software',
  },
  sheetResult: 'Result',
  sheetStep: ['Step', 'Time', 'Result'],
  sheetSeat: (what) => `Seat: ${what}`,
  notDone: 'not done',
  taughtAt: (when, who) => `empty seat confirmed ${when} by ${who}`,
  signatures: ['Installer', 'Head of the hall', 'Date'],
  checkState: (check) =>
    check === null
      ? 'not done'
      : check.state === 'passed'
        ? 'passed'
        : check.state === 'failed'
          ? 'did not pass'
          : 'under way',
};
