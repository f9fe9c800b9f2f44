// Notices when the machine's clock was set: a retention that believed a clock set ahead would erase
// people's requests too early. After a jump it waits a day, in which somebody can put the clock right.

const noticed = 600_000;
const patience = 86_400_000;

export type ClockWatch = {
  /** To be asked now and then: the jump since the last time (ms, 0 when there was none). */
  jump(): number;
  /** Whether what cannot be undone has to wait. */
  held(): boolean;
};

/** `wall`: what people call the time; `steady`: runs evenly whatever is done to the clock. */
export function watchClock(wall: () => number, steady: () => number): ClockWatch {
  let before = wall() - steady();
  let until = Number.NEGATIVE_INFINITY;
  return {
    jump() {
      const apart = wall() - steady();
      const jumped = apart - before;
      before = apart;
      if (Math.abs(jumped) < noticed) return 0;
      until = steady() + patience;
      return jumped;
    },
    held: () => steady() < until,
  };
}
