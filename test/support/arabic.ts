// The small set of flows in English and Arabic, to see a page that reads from right to left. What is
// looked at is the page: the sentences are only long enough to wrap.
import { readFileSync } from 'node:fs';
import { smallFolder } from './small.ts';

const chat = {
  title: 'محادثة عن العودة',
  log: 'المحادثة',
  choices: 'الإجابات',
  you: 'أنت',
  write: 'أو اكتب هنا',
  send: 'إرسال',
  go: 'متابعة',
  leave: 'اخرج الآن',
  'closed-page': 'عندما تغلق هذه الصفحة لا يستطيع أحد أن يكتب إليك هنا. افتحها مرة أخرى في هذا المتصفح لترى الإجابات.',
  look: 'ابحث عن إجابات جديدة',
  'shared-phone': 'هل يستخدم آخرون هذا الهاتف؟ اختر «اخرج الآن» في النهاية.',
  left: 'لقد خرجت من هذه الصفحة.',
  again: 'افتح الصفحة مرة أخرى',
  refused: 'جاء هذا النموذج من صفحة أخرى.',
  'too-many': 'كثيرون يبدؤون هنا الآن.',
  problem: 'لدينا مشكلة تقنية.',
  busy: 'جارٍ الإرسال…',
  failed: 'لم يتم الإرسال.',
};
const words: Record<string, string> = {
  hello: 'مرحبا. هذه محادثة آلية وليست محاميا. أنت تقرر، ويمكنك أن تتوقف في أي وقت. Demo operator (example) +375 29 123-45-67',
  'country?': 'في أي بلد أنت الآن؟',
  'topics?': 'ماذا تريد أن تعرف؟',
  'agree?': 'هل يمكن لموظفينا أن يستخدموا هذه الإجابات وأن يتصلوا بك؟',
  yes: 'نعم',
  no: 'لا',
  back: 'رجوع',
  person: 'إنسان',
  urgent: 'SOS',
};

/** Both paths; `remove` when the content is loaded. `spoil` changes file texts before they are written. */
export const arabic = (spoil: (files: Record<string, string>) => void = () => {}) =>
  smallFolder((files) => {
    files['flows/common.yaml'] = files['flows/common.yaml']?.replace('[en, fr]', '[en, ar]') ?? '';
    for (const name of Object.keys(files).filter((one) => one.startsWith('locales/fr/'))) {
      const text = files[name] ?? '';
      delete files[name];
      files[name.replace('/fr/', '/ar/')] = text
        .replace('Français', 'العربية')
        .replace(/"([^"]+) fr"/g, (_, key) => `"${words[key] ?? `كلمة ${key}`}"`);
    }
    const common = JSON.parse(files['locales/ar/common.json'] ?? '{}');
    for (const form of ['zero', 'two', 'few', 'many']) common[`days_${form}`] = common.days_other;
    files['locales/ar/common.json'] = JSON.stringify(common);
    files['locales/en/chat.json'] = readFileSync('locales/en/chat.json', 'utf8');
    files['locales/ar/chat.json'] = JSON.stringify(chat);
    spoil(files);
  });
