// Seeds under which the simulation once found a fault, with what it was. They stay, so that it stays mended.
export const kept: readonly (readonly [seed: number, what: string])[] = [
  [5, 'a message that came again was answered without the words that waited for the person'],
  [19, 'the same, with a photo'],
  [56, 'the same, with words to the desk'],
];
