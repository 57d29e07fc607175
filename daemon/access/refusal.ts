/** Why something about accounts was not done; the code is for programs and pages, which say it in the reader's language. */
export type RefusalCode =
  | 'bad-name'
  | 'bad-display'
  | 'no-role'
  | 'bad-role'
  | 'chief-of-nothing'
  | 'unknown-department'
  | 'employee-of-nobody'
  | 'unknown-window'
  | 'unknown-employee'
  | 'name-taken'
  | 'unknown-account'
  | 'last-admin'
  | 'bad-link'
  | 'wrong-password'
  | 'too-short'
  | 'too-long'
  | 'too-simple'
  | 'holds-the-name'
  | 'expired-already'
  | 'unknown-token'
  | 'unknown-screen';

const SAID: Readonly<Record<RefusalCode, string>> = {
  'bad-name': 'A user name is 1 to 32 letters, digits, and . _ - between them.',
  'bad-display': 'A name is 1 to 60 characters that can be seen.',
  'no-role': 'At least one role is needed.',
  'bad-role': 'That role is not for people or machines.',
  'chief-of-nothing': 'A chief needs at least one department.',
  'unknown-department': 'The hall has no such department.',
  'unknown-window': 'The hall has no such window.',
  'employee-of-nobody': 'An employee needs their id in the plan.',
  'unknown-employee': 'The hall has no such employee.',
  'name-taken': 'There is such an account already.',
  'unknown-account': 'There is no such account.',
  'last-admin': 'The last administrator stays one.',
  'bad-link': 'The link was used, has expired, or never was one.',
  'wrong-password': 'The present password is another one.',
  'too-short': 'A password has at least 10 characters.',
  'too-long': 'A password has at most 128 characters.',
  'too-simple': 'The password is a row of keys, or of too few different characters.',
  'holds-the-name': 'The password holds the user name.',
  'expired-already': 'The time at which it would expire has passed.',
  'unknown-token': 'There is no such token, or it was revoked.',
  'unknown-screen': 'There is no such screen, or it was revoked.',
};

export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The same again is refused again. */
  readonly retry = false;
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(SAID[code]);
    this.code = code;
  }
}
