import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DoneSchema, ErrorSchema, WelcomeSchema } from '#proto/admin_pb';
import { GetStatusSchema } from '#proto/admin_pb';
import { FrameSchema, type Frame } from '#proto/frame_pb';
import { makeId } from '../lib/ids';
import { Link, Refusal, type Body } from '../lib/link';
import { chooseLanguage, spanText, wordsOf } from '../lib/words';

test('ids: version 7, in the order of time, never twice', () => {
  const early = Buffer.from(makeId(1_700_000_000_000));
  const late = Buffer.from(makeId(1_700_000_000_001));
  assert.equal(early.length, 16);
  assert.equal(early[6]! >> 4, 7);
  assert.equal(early[8]! >> 6, 2);
  assert.equal(early.readUIntBE(0, 6), 1_700_000_000_000);
  assert.ok(early.compare(late) < 0);
  const many = new Set(Array.from({ length: 1000 }, () => Buffer.from(makeId()).toString('hex')));
  assert.equal(many.size, 1000);
});

test('words: two languages, values', () => {
  const say = wordsOf({ left: ['{n} lagi', '{n} left'] });
  assert.equal(say('left', { n: 3 }), '3 lagi');
  chooseLanguage('en');
  assert.equal(say('left', { n: 3 }), '3 left');
  assert.equal(spanText(125 * 60_000), '2 h 5 min');
  chooseLanguage('id');
  assert.equal(spanText(40_000), '40 dtk');
});

// A socket in memory: what the link sends is kept, what the engine says is given by hand.
class Wire {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly heard: Frame[] = [];
  send(bytes: Uint8Array) {
    this.heard.push(fromBinary(FrameSchema, bytes));
  }
  close() {
    this.onclose?.();
  }
  say(replyTo: bigint, body: Body, told = 0n) {
    const bytes = toBinary(FrameSchema, create(FrameSchema, { seq: 1n, replyTo, told, body }));
    this.onmessage?.({ data: bytes.slice().buffer });
  }
}

function linkOnWires(resumes = false): { link: Link; wires: Wire[] } {
  const wires: Wire[] = [];
  const link = new Link({
    token: 'made-up', client: 'test', url: 'ws://nowhere/', resumes,
    makeSocket: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
  });
  return { link, wires };
}

test('link: logs in first; what was not answered is asked again with the same id', async () => {
  const { link, wires } = linkOnWires();
  link.open();
  wires[0]!.onopen!();
  const question: Body = { case: 'getStatus', value: create(GetStatusSchema) };
  const answer = link.ask(question); // waits for the login
  assert.deepEqual(wires[0]!.heard.map((frame) => frame.body.case), ['login']);
  wires[0]!.say(1n, { case: 'welcome', value: create(WelcomeSchema, { user: 'a', nowMs: 5n }) });
  assert.equal(link.state, 'open');
  assert.equal(wires[0]!.heard[1]!.body.case, 'getStatus');
  wires[0]!.close();
  assert.equal(link.state, 'waiting');
  link.hurry();
  wires[1]!.onopen!();
  wires[1]!.say(1n, { case: 'welcome', value: create(WelcomeSchema, { user: 'a' }) });
  const again = wires[1]!.heard[1]!;
  assert.deepEqual(again.id, wires[0]!.heard[1]!.id);
  wires[1]!.say(again.seq, { case: 'done', value: create(DoneSchema, { callId: 7n }) });
  assert.equal(((await answer) as Extract<Body, { case: 'done' }>).value.callId, 7n);
  link.close();
});

test('link: pushed frames, refusals, a token that is not known', async () => {
  const { link, wires } = linkOnWires();
  const pushed: string[] = [];
  link.watchPushed((body) => pushed.push(body.case));
  link.open();
  wires[0]!.onopen!();
  wires[0]!.say(1n, { case: 'welcome', value: create(WelcomeSchema) });
  wires[0]!.say(0n, { case: 'done', value: create(DoneSchema) });
  assert.deepEqual(pushed, ['done']);
  const asked = link.ask({ case: 'getStatus', value: create(GetStatusSchema) });
  wires[0]!.say(2n, { case: 'error', value: create(ErrorSchema, { code: 'PERMISSION_DENIED', message: 'no' }) });
  await assert.rejects(asked, (error) => error instanceof Refusal && error.code === 'PERMISSION_DENIED');
  link.close();

  const other = linkOnWires();
  other.link.open();
  other.wires[0]!.onopen!();
  other.wires[0]!.say(1n, { case: 'error', value: create(ErrorSchema, { code: 'UNAUTHENTICATED' }) });
  assert.equal(other.link.state, 'refused');
  other.link.open(); // no knocking with a token that is void
  assert.equal(other.wires.length, 1);
});

test('link: a login code becomes a token of this device', () => {
  const wires: Wire[] = [];
  let given = '';
  const link = new Link({
    token: '', code: '12345678', client: 'test', url: 'ws://nowhere/', resumes: true, onToken: (token) => (given = token),
    makeSocket: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
  });
  link.open();
  wires[0]!.onopen!();
  const login = wires[0]!.heard[0]!.body;
  assert.ok(login.case === 'login' && login.value.code === '12345678' && login.value.token === '');
  wires[0]!.say(1n, { case: 'welcome', value: create(WelcomeSchema, { token: 'of-this-device' }) });
  assert.equal(given, 'of-this-device');
  link.drop();
  link.hurry();
  wires[1]!.onopen!();
  const again = wires[1]!.heard[0]!.body;
  assert.ok(again.case === 'login' && again.value.code === '' && again.value.token === 'of-this-device' && again.value.resumes);
  link.close();
});

test('link: what was told last is named at the next login', () => {
  const { link, wires } = linkOnWires(true);
  link.open();
  wires[0]!.onopen!();
  wires[0]!.say(1n, { case: 'welcome', value: create(WelcomeSchema) });
  wires[0]!.say(0n, { case: 'done', value: create(DoneSchema) }, 77n);
  link.drop();
  link.hurry();
  wires[1]!.onopen!();
  const again = wires[1]!.heard[0]!.body;
  assert.ok(again.case === 'login' && again.value.heard === 77n);
  link.close();
});

test('link: asked once is given up with the line', async () => {
  const { link, wires } = linkOnWires();
  await assert.rejects(link.askOnce({ case: 'getStatus', value: create(GetStatusSchema) }));
  link.open();
  wires[0]!.onopen!();
  wires[0]!.say(1n, { case: 'welcome', value: create(WelcomeSchema) });
  const asked = link.askOnce({ case: 'getStatus', value: create(GetStatusSchema) });
  link.drop();
  await assert.rejects(asked, /line broke/);
  link.close();
});
