// What people write to this chat every day must not bring the help screen, nor cost them their answers. The Spanish
// and French sentences come from readers of the lists; the lists were mended with all of these in view, so they measure nothing.
import { describe, expect, it } from 'vitest';
import { crisisIn, understand } from '../../src/flow/understand.ts';
import { standing } from '../../src/proof/standing.ts';
import { shippedContent } from '../support/talk.ts';

const { words, flow } = await shippedContent();
const facts = { requestOpen: false, programmes: {}, childStaff: true, protectionStaff: true };
const answerTo = (ref: string, text: string, lang: string) => {
  const step = flow.steps[ref];
  if (step === undefined) throw new Error(`no step ${ref}`);
  return understand(flow, standing(step, lang), { kind: 'text', text }, words, facts).input;
};

describe('everyday talk', () => {
  it.each([
    ['es', 'Vi el cartel, ¿me pueden ayudar?'],
    ['es', 'Ya no quiero vivir aquí, quiero volver'],
    ['es', 'Estoy cansada de vivir lejos de mis hijos'],
    ['es', 'Quiero morir en mi país'],
    ['es', 'Necesito un lugar para dormir y no tengo dinero'],
    ['es', '¿Leyeron mi último mensaje?'],
    ['es', 'Mis hijos son mi razón para vivir'],
    ['es', 'No estoy en peligro'],
    ['es', 'Nadie me pega'],
    ['es', 'El chat no me deja salir'],
    ['es', '¿Cuándo me toca y qué llevo?'],
    ['es', 'Se me rompió el celular'],
    ['es', 'Mi caso no se mueve'],
    ['en', 'I do not want to live in this camp'],
    ['en', 'Nobody beats me'],
    ['en', 'The embassy does not respond'],
    ['en', 'Can I bring all my pills?'],
    ['fr', 'Je ne veux plus vivre ici'],
    ['fr', 'Personne ne me frappe'],
    ['fr', 'Je veux en finir avec cette procédure'],
    ['fr', 'Demain je serai à l’aéroport'],
    ['fr', 'Rien ne me retient ici, je veux rentrer'],
    ['fr', 'Est-ce qu’ils viennent me chercher à l’aéroport ?'],
    ['fr', 'Je veux rentrer pour marier ma fille'],
    ['fr', 'J’ai pris ma femme et mon fils avec moi'],
    ['fr', 'Sans passeport je ne peux pas sortir du pays'],
    ['fr', 'La préfecture menace de m’expulser'],
    ['fr', 'Ma mère au pays est gravement malade'],
    ['fr', 'Mon avocat ne répond plus'],
    ['fr', 'J’ai quitté mon pays à cause des bombes'],
    ['fr', 'Je n’ai pas envie de mourir'],
    ['fr', 'Le propriétaire va me jeter dehors'],
    ['ar', 'لا أحد يهددني'],
    ['ar', 'ما حدا عم يضربني'],
    ['ar', 'محدش بيضربني'],
    ['ar', 'لست في خطر'],
    ['ar', 'لا أريد أن أعيش في هذا البلد'],
  ])('is not taken for a cry (%s: %s)', (_, sentence) => {
    expect(crisisIn(sentence, words)).toBeNull();
  });

  it.each([
    ['self-harm', 'Ya no quiero vivir'],
    ['self-harm', 'Ya no quiero vivir en este mundo'],
    ['danger', 'No quiero morir'],
    ['danger', 'لا أحد يساعدني، زوجي يضربني'],
    ['danger', 'زوجي يهددني'],
    ['self-harm', 'لا أريد أن أعيش'],
    ['danger', 'Quieren tirarme al río'],
    ['danger', 'Nadie me ayuda, me pega todos los días'],
    ['danger', 'No estoy en peligro hoy, pero me quieren matar'],
    ['self-harm', 'La vida perdió el sentido'],
    ['self-harm', 'I do not want to live in this world'],
    ['self-harm', 'I want to kill my self'],
    ['danger', 'They want to kill me'],
    ['danger', 'Ils veulent me pendre'],
    ['self-harm', 'Je veux me pendre'],
    ['danger', 'Ils ont failli me tuer'],
    ['self-harm', 'Je pense à me tuer'],
    ['self-harm', 'J’ai de plus en plus envie de mourir'],
    ['self-harm', 'J’ai pris tous mes médicaments avec de l’alcool'],
    ['injury', 'Il fait une crise cardiaque en ce moment'],
    ['danger', 'Ils ont pris ma sœur'],
  ])('a cry beside it is still heard as what it is (%s: %s)', (group, sentence) => {
    expect(crisisIn(sentence, words)).toBe(group);
  });

  it.each([
    ['return/travellers', 'una persona', 'one'],
    ['return/travellers', 'une personne', 'one'],
    ['return/travellers', 'a person', 'one'],
    ['return/interpreter', 'otro idioma', 'another'],
    ['gate/papers', 'alguien', 'someone'],
    ['gate/child', 'personne', 'alone'],
    ['gate/pressure', 'personne', 'no'],
  ])('at %s, "%s" is an answer', (ref, said, value) => {
    for (const lang of flow.languages) expect(answerTo(ref, said, lang)).toEqual({ kind: 'answer', value });
  });

  it('"una persona" asks for a person everywhere else', () => {
    expect(answerTo('return/children', 'una persona', 'es')).toEqual({ kind: 'interrupt', name: 'human' });
  });

  it('a word for leaving, finishing or a raised hand deletes nothing', () => {
    for (const word of ['salir', 'terminar', 'finish', 'sortir', 'terminer', 'arrêté', 'faim', 'fin', '✋'])
      expect(answerTo('welcome/topics', word, 'en')).not.toMatchObject({ kind: 'interrupt' });
  });

  it('"retour" is what the person asks about, not a step back', () => {
    expect(answerTo('welcome/topics', 'Retour', 'fr')).toEqual({ kind: 'topic', at: 'learn/avr' });
  });

  it.each(['necesito ayuda', 'ayúdenme', 'help me', 'aidez-moi'])('"%s" shows people, not a list of words', (said) => {
    expect(answerTo('welcome/topics', said, 'en')).toEqual({ kind: 'interrupt', name: 'human' });
  });
});
