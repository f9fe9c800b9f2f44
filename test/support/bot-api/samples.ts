// Contents of every kind a person can send, as Telegram writes them. The file ids are canaries: a bot
// that asks for any of these files is caught by the server.

const file = (id: string) => ({ file_id: `FILE-${id}`, file_unique_id: `UNIQUE-${id}`, file_size: 1_000 });
const place = { latitude: 53.93, longitude: 23.63 };

export const samples = {
  photo: { photo: [{ ...file('photo'), width: 90, height: 90 }], caption: 'caption-canary' },
  document: { document: { ...file('document'), file_name: 'passport-canary.pdf', mime_type: 'application/pdf' } },
  animation: { animation: { ...file('animation'), width: 1, height: 1, duration: 1 }, document: file('animation') },
  voice: { voice: { ...file('voice'), duration: 3 } },
  audio: { audio: { ...file('audio'), duration: 3 } },
  video: { video: { ...file('video'), width: 1, height: 1, duration: 1 } },
  videoNote: { video_note: { ...file('video-note'), length: 1, duration: 1 } },
  sticker: { sticker: { ...file('sticker'), type: 'regular', width: 1, height: 1, is_animated: false, is_video: false } },
  location: { location: place },
  venue: { location: place, venue: { location: place, title: 'venue-canary', address: 'address-canary' } },
  contact: { contact: { phone_number: '+375000000000', first_name: 'contact-canary' } },
  dice: { dice: { emoji: '🎲', value: 4 } },
  poll: { poll: { id: '1', question: 'poll-canary', options: [], total_voter_count: 0, is_closed: false } },
  story: { story: { chat: { id: 1, type: 'private' }, id: 1 } },
  game: { game: { title: 'game-canary', description: '', photo: [] } },
  invoice: { invoice: { title: 'invoice-canary', description: '', start_parameter: '', currency: 'XTR', total_amount: 1 } },
  payment: { successful_payment: { currency: 'XTR', total_amount: 1, invoice_payload: 'payment-canary' } },
  refund: { refunded_payment: { currency: 'XTR', total_amount: 1, invoice_payload: 'payment-canary' } },
  passport: { passport_data: { data: [{ type: 'passport', data: 'passport-canary' }], credentials: { data: '' } } },
  paidMedia: { paid_media: { star_count: 1, paid_media: [{ type: 'photo', photo: [file('paid')] }] } },
  checklist: { checklist: { title: 'checklist-canary', tasks: [{ id: 1, text: 'task-canary' }] } },
  liveLocation: { location: { ...place, live_period: 900, heading: 1 } },
  peopleShared: { users_shared: { request_id: 1, users: [{ user_id: 9, first_name: 'shared-canary' }] } },
  webApp: { web_app_data: { data: 'web-app-canary', button_text: '' } },
  gift: { gift: { gift: { id: '1', sticker: file('gift'), star_count: 1 } } },
  pinned: { pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } },
  unknown: { hologram_of_2031: { file_id: 'FILE-hologram' } },
};
