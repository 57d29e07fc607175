/** Answers that may come in another order than they were asked for: of several only the last one's is shown. */

export interface Latest {
  /** What came back; null where something newer was asked for or done meanwhile. */
  answerTo<T>(answer: Promise<T>): Promise<T | null>;
  /** What was asked for before this has been overtaken. */
  overtake(): void;
}

export function latest(): Latest {
  let asked = 0;
  return {
    async answerTo(answer) {
      asked += 1;
      const mine = asked;
      const got = await answer;
      return mine === asked ? got : null;
    },
    overtake() {
      asked += 1;
    },
  };
}
