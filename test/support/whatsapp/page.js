// A stand-in for the page at web.whatsapp.com: as much of its module system as whatsapp-web.js 1.34.7
// asks for in a conversation of texts. Runs in a real Chromium; `site.ts` serves it and is its telephone.
// It proves our channel against the library, not the library against the real page.
(() => {
  /** What the server knows when the page is loaded; it stands before this script. */
  const { chats, racy, after } = window.__history;
  const me = { pn: '15550001111@c.us', lid: '99900011@lid' };
  const missing = [];
  let told = Promise.resolve();
  /** Tells the test what the product did, one after the other. */
  const tell = (event) => {
    told = told.then(() => fetch('/__told', { method: 'POST', body: JSON.stringify(event) })).catch(() => {});
  };

  // Events as in Backbone: several names in one string, and a collection hears its models.
  class Events {
    #heard = new Map();
    on(names, hear) {
      for (const name of names.split(' ')) this.#heard.set(name, [...(this.#heard.get(name) ?? []), hear]);
      return this;
    }
    off(names, hear) {
      for (const name of names.split(' '))
        this.#heard.set(
          name,
          (this.#heard.get(name) ?? []).filter((one) => one !== hear && one.once !== hear),
        );
      return this;
    }
    once(names, hear) {
      const once = (...values) => {
        this.off(names, once);
        hear(...values);
      };
      once.once = hear;
      return this.on(names, once);
    }
    trigger(name, ...values) {
      for (const hear of this.#heard.get(name) ?? []) hear(...values);
    }
  }

  class Wid {
    constructor(text) {
      [this.user, this.server] = text.split('@');
      this._serialized = text;
    }
    isLid = () => this.server === 'lid';
    isGroup = () => this.server === 'g.us';
    isStatus = () => this._serialized === 'status@broadcast';
    isUser = () => this.server === 'c.us' || this.server === 'lid';
    toString = () => this._serialized;
    toJid = () => this._serialized;
  }
  const wid = (id) => (id instanceof Wid ? id : new Wid(typeof id === 'string' ? id : id._serialized));

  class MsgKey {
    constructor({ from, to, id, participant, fromMe = true, remote }) {
      Object.assign(this, { fromMe, remote: wid(remote ?? to ?? from), id });
      if (participant) this.participant = wid(participant);
      this._serialized = [fromMe, this.remote, id, ...(participant ? [this.participant] : [])].join('_');
    }
    toString = () => this._serialized;
    static async newId() {
      const bytes = crypto.getRandomValues(new Uint8Array(9));
      return `3EB0${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
    }
    static fromString(text) {
      const [fromMe, remote, id, participant] = text.split('_');
      return new MsgKey({ fromMe: fromMe === 'true', remote, id, participant });
    }
  }

  /** What crosses to the library: values only. */
  const flat = (value) =>
    value instanceof Wid || value instanceof MsgKey
      ? Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (typeof part === 'function' ? [] : [[key, flat(part)]])))
      : value;

  class Model extends Events {
    constructor(values) {
      super();
      Object.assign(this, values);
    }
    serialize() {
      const kept = Object.entries(this).filter(([, value]) => typeof value !== 'function' && !(value instanceof Collection));
      return Object.fromEntries(kept.map(([key, value]) => [key, flat(value)]));
    }
    unsafe = () => this;
    set(values) {
      for (const [key, value] of Object.entries(values)) {
        const before = this[key];
        this[key] = value;
        for (const hearer of [this, this.owner?.()]) hearer?.trigger(`change:${key}`, this, value, before);
      }
      this.owner?.().trigger('change', this);
    }
  }

  class Collection extends Events {
    models = new Map();
    get = (id) => this.models.get(typeof id === 'string' ? id : id?._serialized);
    getModelsArray = () => [...this.models.values()];
    add(model) {
      model.owner = () => this;
      this.models.set(model.id._serialized, model);
      this.trigger('add', model);
      return model;
    }
    getMessagesById = async (ids) => ({ messages: ids.flatMap((id) => this.get(id) ?? []) });
  }

  const Msg = new Collection();
  const Chat = new Collection();
  const Contact = new Collection();
  Msg.modelClass = Model;
  /** A number and the id without a number of the same person, both ways. */
  const book = new Map();

  const chatOf = (id) =>
    Chat.get(wid(id)) ??
    Chat.add(
      new Model({ id: wid(id), formattedTitle: wid(id).user, unreadCount: 0, t: 0, mute: { expiration: 0 }, msgs: new Collection() }),
    );

  function addMessage(values) {
    const model = new Model(values);
    const chat = chatOf(values.id.remote);
    chat.msgs.models.set(model.id._serialized, model);
    Object.assign(chat, { t: model.t, lastReceivedKey: model.id });
    return Msg.add(model);
  }

  /** A message from somebody, as the server tells it. `fresh: false`: it came while away and raises no event. */
  function arrive({ from, id, type, body, t, author, fresh, fromMe, ...rest }) {
    const key = new MsgKey({ fromMe: fromMe === true, remote: from, id, participant: author });
    if (Msg.get(key)) return;
    const [sender, receiver] = fromMe ? [me.pn, from] : [from, me.pn];
    const values = { id: key, from: wid(sender), to: wid(receiver), type, body, t, isNewMsg: fresh, ack: 1, notifyName: 'Test' };
    addMessage({ ...values, ...(author ? { author: wid(author) } : {}), isStatusV3: from === 'status@broadcast', ...rest });
  }

  // The connection. The library misses the end of the synchronisation when that comes before it listens,
  // and then is never ready; `racy` stands for that, else the page waits for a listener.
  // Written through to the disk: a browser that is killed the next moment must still be paired.
  const database = new Promise((resolve) => {
    const opening = indexedDB.open('pairing', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
    opening.onsuccess = () => resolve(opening.result);
  });
  const kept = async (mode, work) => {
    const change = (await database).transaction('kept', mode, { durability: 'strict' });
    const request = work(change.objectStore('kept'));
    return new Promise((done) => {
      change.oncomplete = () => done(request.result);
    });
  };
  const paired = async () => (await kept('readonly', (store) => store.get('paired'))) !== undefined;
  const Socket = new Model({ state: 'OPENING', hasSynced: false });
  const Cmd = new Events();
  const Conn = new Model({ ref: 'ref-0', platform: 'android', pushname: 'Help', connected: true });
  let refs = 0;
  const nextRef = () => {
    refs += 1;
    Conn.set({ ref: `ref-${refs}` });
  };
  Cmd.refreshQR = nextRef;
  const { promise: listened, resolve: listens } = Promise.withResolvers();
  const plainOn = Socket.on.bind(Socket);
  Socket.on = (names, hear) => {
    const result = plainOn(names, hear);
    if (names.includes('hasSynced')) listens();
    return result;
  };
  Socket.logout = async () => {
    await kept('readwrite', (store) => store.delete('paired'));
    Cmd.trigger('logout');
    setTimeout(() => location.assign('/?post_logout=1'), 20);
  };
  async function synchronise() {
    Socket.set({ state: 'CONNECTED' });
    // Whether the race is lost would be chance: here it always is, and the end is never heard.
    if (racy) return;
    await listened;
    setTimeout(() => {
      Cmd.trigger('offline_progress_update_from_bridge');
      Socket.set({ hasSynced: true });
    }, 30);
  }

  const refuse = (why) => {
    tell({ kind: 'refused', why });
    throw new Error(`stand-in: ${why}`);
  };
  function send(_, message) {
    const first = (async () => {
      if (message.dynamicReplyButtons || message.list || message.type !== 'chat') refuse('only texts are delivered');
      if (typeof message.body !== 'string' || message.body === '') refuse('empty text');
      if (message.body.length > 65_536) refuse('text too long');
      addMessage({ ...message, isNewMsg: true });
      tell({ kind: 'send', to: message.id.remote._serialized, body: message.body, id: message.id.id, preview: Boolean(message.preview) });
    })();
    const acknowledged = first.then(() => new Promise((done) => setTimeout(() => done({ messageSendResult: 'OK' }), 5)));
    return [first, acknowledged];
  }

  const keys = { pubKey: new Uint8Array(32) };
  const table = { bulkUpsert: async () => {} };
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const links = (text) => [...String(text ?? '').matchAll(/https?:\/\/\S+/g)].map((match) => ({ href: match[0] }));
  const calls = new Map();
  const other = (id) => (book.has(wid(id)._serialized) ? wid(book.get(wid(id)._serialized)) : undefined);

  const modules = {
    WAWebSocketModel: { Socket },
    WAWebCmd: { Cmd },
    WAWebConnModel: { Conn },
    WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 } },
    WAWebAltDeviceLinkingApi: { setPairingType() {}, async initializeAltDeviceLinking() {}, async initializeQRLinking() {} },
    WAWebLaunchSocketUtils: { refreshQR: nextRef },
    WABase64: { encodeB64: base64 },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: 1 },
    WAWebAdvSignatureApi: {},
    WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: keys }) } },
    WAWebSignalStoreApi: { waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: keys }) } },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => 'c2VjcmV0' },
    WAWebUserPrefsMeUser: { getMaybeMePnUser: () => wid(me.pn), getMaybeMeLidUser: () => wid(me.lid) },
    WAWebMiscBrowserUtils: { info: () => ({ os: 'Linux', name: 'Chrome' }) },
    WAWebCollections: { Msg, Chat, Contact },
    WAWebSyncGatingUtils: {},
    WAWebCallCollection: { on() {}, calls },
    WAWebNonMessageDataRequestPlaceholderMessageResendUtils: { handlePlaceholderMsgsSeen() {} },
    WAWebAddonReactionTableMode: { reactionTableMode: table },
    WAWebAddonPollVoteTableMode: { pollVoteTableMode: table },
    WALinkify: { findLink: (text) => links(text)[0], findLinks: links },
    WAWebWidFactory: { createWid: wid, createWidFromWidLike: wid, asUserWidOrThrow: wid },
    WAWebFindChatAction: {
      async findOrCreateLatestChat(id) {
        if (/^000/.test(wid(id).user)) throw new Error('No LID for user');
        return { chat: chatOf(id) };
      },
    },
    WAWebStreamModel: { Stream: { markAvailable() {}, markUnavailable() {} } },
    WAWebUpdateUnreadChatAction: {
      async sendSeen({ chat }) {
        if (!chat.unreadCount) return;
        chat.set({ unreadCount: 0 });
        tell({ kind: 'seen', to: chat.id._serialized });
      },
    },
    WAWebChatGetters: { getIsNewsletter: () => false, getIsBroadcast: (chat) => chat.id.isStatus() },
    WAWebMsgKey: MsgKey,
    WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
    WAWebSendMsgChatAction: { addAndSendMsgToChat: send },
    WAWebChatStateBridge: {
      sendChatStateComposing: async (id) => tell({ kind: 'typing', to: id._serialized }),
      sendChatStatePaused: async () => {},
    },
    WAWebChatLoadMessages: { loadEarlierMsgs: async () => [] },
    WAWebLinkPreviewChatAction: { getLinkPreview: async () => ({ preview: true, data: {} }) },
    WAWebApiContact: { getCurrentLid: other, getPhoneNumber: other, getAlternateUserWid: other },
    WAWebQueryExistsJob: { queryWidExists: async (id) => ({ wid: id }) },
    WAWebDownloadManager: { downloadManager: { downloadAndMaybeDecrypt: async () => tell({ kind: 'download' }) } },
  };
  window.require = (name) => {
    if (name in modules) return modules[name];
    missing.push(name);
    throw new Error(`Requiring unknown module "${name}"`);
  };
  window.Debug = { VERSION: '2.3000.0' };

  /** What the test, or the telephone, can do. */
  const remote = {
    async scan() {
      await kept('readwrite', (store) => store.put(true, 'paired'));
      Socket.set({ state: 'PAIRING' });
      setTimeout(synchronise, 20);
    },
    rotate: nextRef,
    logout: () => Socket.logout(),
    state: (state) => Socket.set({ state }),
    reload: () => setTimeout(() => location.reload(), 20),
    hang: () =>
      setTimeout(() => {
        for (;;);
      }, 20),
    missing: () => [...new Set(missing)].sort(),
    deliver(message) {
      arrive(message);
      const chat = chatOf(message.from);
      chat.set({ unreadCount: chat.unreadCount + 1 });
    },
    know(number, lid) {
      book.set(number, lid);
      book.set(lid, number);
    },
    unknow(number) {
      book.delete(book.get(number));
      book.delete(number);
    },
    edit: (id, body) => Msg.get(id).set({ latestEditMsgKey: id, latestEditSenderTimestampMs: Date.now(), body }),
    decrypt(id, body) {
      Msg.get(id).body = body;
      Msg.get(id).set({ type: 'chat' });
    },
    call: (from, more = {}) =>
      calls.set(`c${calls.size}`, { id: `c${calls.size}`, peerJid: from, isGroup: false, outgoing: false, ...more }),
  };
  for (const { id, unread, messages } of chats) {
    for (const message of messages) arrive({ ...message, fresh: false });
    chatOf(id).unreadCount = unread;
  }
  if (location.protocol === 'https:' && after !== null)
    new EventSource(`/__asked?after=${after}`).onmessage = async ({ data }) => {
      const { n, name, values } = JSON.parse(data);
      let answer = { n };
      try {
        answer = { n, value: await remote[name](...values) };
      } catch (error) {
        answer = { n, error: String(error) };
      }
      await fetch('/__answered', { method: 'POST', body: JSON.stringify(answer), keepalive: true });
    };
  setTimeout(async () => {
    // A stored page has no address of its own to keep anything under.
    const known = after !== null && (await paired());
    Socket.set({ state: known ? 'OPENING' : 'UNPAIRED' });
    if (known) setTimeout(synchronise, 30);
  }, 50);
})();
