// What the caller wrote and the engine has not answered yet. It is kept on the phone with its id, so
// that a page that is closed or reloaded sends it once more and the engine takes it once.
import { create } from '@bufbuild/protobuf';
import { SayToDeskSchema, type CallerSign } from '#proto/caller_pb';
import { makeId } from '../lib/ids';
import { Refusal, type Link } from '../lib/link';

export interface Unsent {
  id: string; // base64
  text: string;
  sign: CallerSign;
  atMs: number;
  refused: string; // the engine's code; '' = on its way
}

const KEPT_AS = 'sigap.caller.unsent';

const toText = (id: Uint8Array) => btoa(String.fromCharCode(...id));
const toBytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export class WordsQueue {
  list: Unsent[] = [];

  constructor(private readonly link: Link, private readonly changed: () => void) {
    try {
      this.list = (JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]') as Unsent[]).filter((one) => !one.refused);
    } catch {
      this.list = [];
    }
    for (const one of this.list) void this.send(one);
  }

  say(text: string, sign: CallerSign): Promise<boolean> {
    const one: Unsent = { id: toText(makeId()), text, sign, atMs: Date.now(), refused: '' };
    this.list.push(one);
    this.keep();
    return this.send(one);
  }

  static forget(): void {
    localStorage.removeItem(KEPT_AS);
  }

  private keep(): void {
    localStorage.setItem(KEPT_AS, JSON.stringify(this.list));
    this.changed();
  }

  /** Whether it arrived. */
  private async send(one: Unsent): Promise<boolean> {
    try {
      await this.link.ask({ case: 'sayToDesk', value: create(SayToDeskSchema, { text: one.text, sign: one.sign }) },
        toBytes(one.id));
      this.list = this.list.filter((other) => other !== one);
      this.keep();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) return false; // the page has ended
      one.refused = error.code;
      this.keep();
      return false;
    }
  }
}
