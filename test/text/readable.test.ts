import { describe, expect, it } from 'vitest';
import { reading, sentences, syllablesOf } from '../../src/text/readable.ts';

describe('how hard a text is', () => {
  it.each([
    ['en', 'people', 2],
    ['en', 'stopped', 1],
    ['en', 'deleted', 3],
    ['en', 'places', 2],
    ['en', 'changes', 2],
    ['en', 'voluntary', 4],
    ['en', 'table', 2],
    ['en', 'the', 1],
    ['fr', 'personne', 2],
    ['fr', 'volontaire', 3],
    ['fr', 'peuvent', 1],
    ['es', 'voluntario', 4],
    ['es', 'ayuda', 3],
    ['es', 'país', 2],
    ['es', 'guía', 2],
    ['es', 'leer', 2],
    ['es', 'quien', 1],
    ['es', 'muy', 1],
  ])('%s %s has about %i syllables', (lang, word, count) => {
    expect(syllablesOf(lang, word)).toBe(count);
  });

  it('depends on long words and long sentences', () => {
    const easy =
      'You can stop at any time. You do not have to say why. We ask you first. Then you can say yes or no. You can read this page again when you want to.';
    const hard =
      'The voluntary participation in the administrative procedure presupposes comprehensive documentation of individual circumstances, notwithstanding any applicable international obligations regarding humanitarian protection considerations and the corresponding organisational responsibilities of participating institutions altogether.';
    expect(reading('en', easy)).toMatchObject({ harder: false });
    expect(reading('en', hard)).toMatchObject({ harder: true, name: 'Flesch-Kincaid grade', limit: 6 });
  });

  it('is measured on a scale made for the language', () => {
    const easy =
      'Usted puede parar hoy. No tiene que decir por qué. Primero le preguntamos. Luego usted dice sí o no. Puede leer esta página otra vez cuando quiera. Nadie le pide dinero.';
    const hard =
      'La participación voluntaria en el procedimiento administrativo presupone una documentación pormenorizada de las circunstancias individuales, independientemente de las obligaciones internacionales relativas a la protección humanitaria y de las responsabilidades organizativas correspondientes a las instituciones participantes.';
    expect(reading('es', easy)).toMatchObject({ harder: false, name: 'Fernández-Huerta', limit: 60 });
    expect(reading('es', hard)).toMatchObject({ harder: true });
  });

  it('is not measured for a few words or without a formula', () => {
    expect(reading('en', 'Yes, I understand.')).toBeNull();
    expect(reading('ar', 'كلمة '.repeat(40))).toBeNull();
  });

  it('counts sentences by their ends, and an inserted value as one word', () => {
    expect(sentences('{{about}} {{free}}\nThis chat is automatic. It is not a lawyer.')).toHaveLength(3);
    expect(sentences('هل أنت خائف؟ يمكنك أن تسأل.')).toHaveLength(2);
  });
});
