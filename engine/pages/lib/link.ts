// The line to the engine: frames of the contract over one WebSocket (GET /v1/socket).
//
// It logs in, numbers and matches requests, asks for a sign of life, and when the line breaks it
// connects again, sooner at first and then every 15 s. What was asked and not answered is asked
// again after the next login, what changes something with the same id: the engine does it once.
// What must survive the page itself belongs in a queue of the page (see crew/queue.ts), not here.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { LoginSchema, PingSchema, type Welcome } from '#proto/admin_pb';
import { FrameSchema, type Frame } from '#proto/frame_pb';
import { makeId } from './ids';

export type Body = Exclude<Frame['body'], { case: undefined }>;
export type Answer<C extends Body['case']> = Extract<Body, { case: C }>['value'];

/** waiting: broken, the next attempt is near. refused: the engine does not know the token. */
export type LinkState = 'connecting' | 'open' | 'waiting' | 'refused' | 'closed';

/** The engine's own words on what was wrong ("WRONG_STATE", one sentence). */
export class Refusal extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

export interface LinkOptions {
  token: string;
  /** Instead of a token, once: the engine gives this device a token of its own for it (onToken). */
  code?: string;
  onToken?: (token: string) => void;
  /** Of a crew: what it missed while the line was broken follows, and then CaughtUp. */
  resumes?: boolean;
  client: string; // name and version of the page, for the engine's log
  /** Of a caller's page: what this phone made up for itself (Login.holder). */
  holder?: Uint8Array<ArrayBuffer>;
  /** Errors of the login besides UNAUTHENTICATED after which there is no sense in coming again. */
  endsOn?: string[];
  url?: string;
  /** Tests give a socket of their own. */
  makeSocket?: (url: string) => WebSocket;
}

interface Asked {
  body: Body;
  id: Uint8Array;
  seq: bigint;
  once: boolean; // not over another line than the one of now
  done: (body: Body) => void;
  failed: (why: Error) => void;
}

export const timing = { pingEveryMs: 10_000, silentMs: 25_000, retryMs: [500, 1000, 2000, 4000, 8000, 15_000] };

function socketUrl(): string {
  const url = new URL('/v1/socket', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export class Link {
  state: LinkState = 'connecting';
  /** Why the login was refused for good: the engine's code; '' = it was not. */
  refusal = '';
  welcome: Welcome | undefined;
  /** When the engine was heard last, by this device's clock; 0 = never. */
  heardAtMs = 0;
  /** The engine's clock less this device's. */
  aheadMs = 0;

  /** Frame.told of the last that was pushed to a crew. */
  private told = 0n;
  private socket: WebSocket | undefined;
  private seq = 0n;
  private tries = 0;
  private displaced = false; // by another device of the same unit
  private pingAtMs = 0;
  private signAtMs = 0; // of life: heard, or just begun
  private retry: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setInterval> | undefined;
  private readonly asked = new Map<bigint, Asked>();
  private waiting: Asked[] = [];
  private readonly onState = new Set<(state: LinkState) => void>();
  private readonly onPushed = new Set<(body: Body) => void>();

  constructor(private readonly options: LinkOptions) {}

  /** Listeners hear every change, and every frame that answers nothing. */
  watchState(listener: (state: LinkState) => void): void {
    this.onState.add(listener);
  }
  watchPushed(listener: (body: Body) => void): void {
    this.onPushed.add(listener);
  }

  /** The engine's time now, as well as it is known. */
  now(): number {
    return Date.now() + this.aheadMs;
  }

  open(): void {
    if (this.socket || this.state === 'closed' || this.state === 'refused') return;
    clearTimeout(this.retry);
    this.change('connecting');
    const url = this.options.url ?? socketUrl();
    const socket = this.options.makeSocket?.(url) ?? new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.logIn();
    socket.onmessage = (event: MessageEvent) => this.hear(new Uint8Array(event.data as ArrayBuffer));
    socket.onclose = () => this.broken(socket);
    this.socket = socket;
    this.signAtMs = this.pingAtMs = Date.now();
    clearInterval(this.beat);
    this.beat = setInterval(() => this.beatOnce(), 1000);
  }

  /** For good: nothing that was asked is answered any more. */
  close(): void {
    this.change('closed');
    clearTimeout(this.retry);
    clearInterval(this.beat);
    this.socket?.close();
    this.socket = undefined;
    for (const one of [...this.asked.values(), ...this.waiting]) one.failed(new Error('the line was closed'));
    this.asked.clear();
    this.waiting = [];
  }

  /** At once instead of after the pause: the network came back, or the page is looked at again. */
  hurry(): void {
    if (this.state === 'waiting') {
      this.tries = 0;
      this.open();
    } else if (this.state === 'open') {
      this.ping();
    }
  }

  /** The device says that it has no network: what is in flight is given up at once, not after 25 s. */
  drop(): void {
    const socket = this.socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.broken(socket);
  }

  /** Asks until it is answered. `id`: of a request that a page keeps; else one is made here.
   * Rejects with a Refusal where the engine refuses. */
  ask(body: Body, id: Uint8Array = makeId()): Promise<Body> {
    return new Promise((done, failed) => {
      const one: Asked = { body, id, seq: 0n, once: false, done, failed };
      if (this.state === 'open') this.send(one);
      else if (this.state === 'closed' || this.state === 'refused') failed(new Error('the line is closed'));
      else this.waiting.push(one);
    });
  }

  /** Over this very line: rejects at once where there is none, and when it breaks before the answer
   * is there. For what a page keeps and asks again by itself. */
  askOnce(body: Body, id: Uint8Array = makeId()): Promise<Body> {
    return new Promise((done, failed) => {
      if (this.state === 'open') this.send({ body, id, seq: 0n, once: true, done, failed });
      else failed(new Error('there is no line'));
    });
  }

  /** The same as ask, for an answer of one kind. */
  async askFor<C extends Body['case']>(wanted: C, body: Body, id?: Uint8Array): Promise<Answer<C>> {
    const answer = await this.ask(body, id);
    if (answer.case !== wanted) throw new Error(`asked for ${wanted}, answered by ${answer.case}`);
    return answer.value as Answer<C>;
  }

  // ---- within ----

  private change(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.onState) listener(state);
  }

  private write(body: Body, id: Uint8Array): bigint {
    const seq = ++this.seq;
    this.socket?.send(toBinary(FrameSchema, create(FrameSchema, { seq, id, body })));
    return seq;
  }

  private send(one: Asked): void {
    one.seq = this.write(one.body, one.id);
    this.asked.set(one.seq, one);
  }

  private logIn(): void {
    this.seq = 0n; // counts anew in each session
    const { token, code, client, holder, resumes } = this.options;
    this.write({ case: 'login', value: create(LoginSchema,
      { ...(code ? { code } : { token }), client, holder, resumes, heard: this.told }) }, new Uint8Array());
  }

  private hear(bytes: Uint8Array): void {
    const frame = fromBinary(FrameSchema, bytes);
    const body = frame.body;
    this.heardAtMs = this.signAtMs = Date.now();
    if (body.case === undefined) return; // of a newer engine
    if (body.case === 'welcome' && this.state === 'connecting') return this.welcomed(body.value);
    if (body.case === 'error' && this.state === 'connecting') return this.turnedAway(body.value);
    if (body.case === 'pong') this.aheadMs = Number(body.value.nowMs) - Date.now();
    const one = this.asked.get(frame.replyTo);
    if (frame.replyTo !== 0n && one) {
      this.asked.delete(frame.replyTo);
      if (body.case === 'error') one.failed(new Refusal(body.value.code, body.value.message));
      else one.done(body);
    } else if (frame.replyTo === 0n) {
      if (this.options.resumes && frame.told > this.told) this.told = frame.told;
      if (body.case === 'error' && body.value.code === 'WRONG_STATE') this.displaced = true;
      for (const listener of this.onPushed) listener(body);
    }
  }

  private welcomed(welcome: Welcome): void {
    this.welcome = welcome;
    if (welcome.token) {
      this.options.token = welcome.token;
      delete this.options.code;
      this.options.onToken?.(welcome.token);
    }
    this.aheadMs = Number(welcome.nowMs) - Date.now();
    this.tries = 0;
    const again = [...this.asked.values(), ...this.waiting];
    this.asked.clear();
    this.waiting = [];
    this.change('open');
    for (const one of again) this.send(one);
  }

  private turnedAway(error: Answer<'error'>): void {
    // Full, or too late: the socket closes, we come again.
    if (error.code !== 'UNAUTHENTICATED' && !this.options.endsOn?.includes(error.code)) return;
    this.refusal = error.code;
    const socket = this.socket;
    this.socket = undefined;
    this.change('refused');
    clearInterval(this.beat);
    socket?.close();
  }

  private broken(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    clearInterval(this.beat);
    for (const [seq, one] of this.asked) {
      if (!one.once) continue;
      this.asked.delete(seq);
      one.failed(new Error('the line broke'));
    }
    if (this.state === 'closed' || this.state === 'refused') return;
    // Two devices of one unit would else throw each other out twice a second.
    if (this.displaced) this.tries = timing.retryMs.length;
    this.displaced = false;
    const pause = timing.retryMs[Math.min(this.tries++, timing.retryMs.length - 1)]!;
    // Not all pages at once when the engine is back.
    this.retry = setTimeout(() => this.open(), pause * (0.7 + 0.6 * Math.random()));
    this.change('waiting');
  }

  private ping(): void {
    this.pingAtMs = Date.now();
    this.write({ case: 'ping', value: create(PingSchema, { sentAtMs: BigInt(Date.now()) }) }, new Uint8Array());
  }

  // A dead peer does not say so: after 25 s without a word the line counts as broken.
  private beatOnce(): void {
    const now = Date.now();
    if (this.socket && now - this.signAtMs > timing.silentMs) this.drop();
    else if (this.state === 'open' && now - this.pingAtMs >= timing.pingEveryMs) this.ping();
  }
}
