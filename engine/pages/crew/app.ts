// The crew's page at work: hears the engine, keeps what the crew says, follows the way. Views show
// `app.crew` and call the deeds below; nothing else changes it.
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { AssignmentState, PostState, UnitSchema, type ColourOfTriage, type Hospital, type Unit } from '#proto/common_pb';
import { AdvanceAssignmentSchema, AnswerOrderSchema, AnswerWelfareSchema, OrderSchema, RaiseDistressSchema,
         SetDutySchema, type Order } from '#proto/crew_pb';
import { AskHospitalSchema, ChooseHospitalSchema, DestinationSchema, TellPatientSchema } from '#proto/hospital_pb';
import { ListHospitalsSchema } from '#proto/dispatch_pb';
import { AnswerMoveUpSchema } from '#proto/move_up_pb';
import { TellPatientCardSchema, type PatientCardSchema } from '#proto/patient_pb';
import { GetGuideSchema, ListComplaintsSchema, type Guide } from '#proto/plan_pb';
import { RouteQuerySchema } from '#proto/planner_pb';
import { ListShiftsSchema, SignOnCrewSchema, type ShiftPage_Row } from '#proto/roster_pb';
import { boxAround, tileUrls } from '../lib/map_shapes';
import { distance, type Spot } from '../lib/place';
import { Refusal, type Body, type Link } from '../lib/link';
import { language } from '../lib/words';
import { Alarm } from './alarm';
import { keepAwake } from './awake';
import { receiptOf, Reporter, withDeviceTime, type Told } from './device';
import { makeTrack, OffRoute, progressOn, Speaker, type Progress, type Track } from './guidance';
import { emptyCrew, goalOf, hearMoveUp, hearOrder, hearWithdrawal, moveUpRings, offeredStep, orderRings, takeStep,
         type Crew, type Fix, type Job } from './model';
import { PositionWatch } from './position';
import { Queue, type Said } from './queue';
import { DiskShelf, Memory, MemoryShelf, openDatabase } from './shelf';
import { say } from './words';

const DISTRICT_M = 8000;

export interface Way {
  goal: Spot;
  track: Track | undefined; // undefined: there is none by road
  progress: Progress | undefined;
}

export type Trouble = { kind: 'refused' | 'wrongEngine'; text: string };

export class App {
  crew: Crew = emptyCrew();
  fix: Fix | undefined;
  positionDenied = false;
  way: Way | undefined;
  finding = false; // another way
  waiting = 0; // words that the engine has not heard
  fixesWaiting = 0;
  trouble: Trouble | undefined;
  complaints = new Map<string, string>();
  hospitals: Hospital[] = [];
  guide: Guide | undefined;
  shift: ShiftPage_Row | undefined;
  distressWaits = false;
  voice = localStorage.getItem('sigap.crew.voice') !== 'off';
  readonly alarm: Alarm;
  private queue!: Queue;
  private reporter!: Reporter;
  private memory = new Memory(undefined);
  private speaker = new Speaker();
  private off = new OffRoute();
  private offered: AssignmentState | undefined;
  private readonly positions: PositionWatch;
  private gone = false;
  private saving = false;
  private readonly ready: Promise<void>;

  /** `changed` is called after anything that a view may show. */
  constructor(readonly link: Link, private readonly changed: () => void) {
    this.alarm = new Alarm(changed);
    this.positions = new PositionWatch({
      fix: (fix) => void this.moved(fix),
      denied: () => {
        this.positionDenied = true;
        this.changed();
      },
    });
    this.ready = this.prepare();
    // What the engine says is heard in order, and only when the shelf is open.
    let last = this.ready;
    const next = (deed: () => Promise<void>) => {
      last = last.then(deed).catch((error: unknown) => console.error(error));
    };
    this.link.watchPushed((body) => next(() => this.hear(body)));
    this.link.watchState((state) => {
      if (state === 'open') next(() => this.connected());
      if (state === 'refused') this.silence();
      this.changed();
    });
  }

  private async prepare(): Promise<void> {
    let database: IDBDatabase | undefined;
    try {
      database = await openDatabase('sigap.crew');
    } catch {
      // a browser that keeps nothing: what is said while offline then lives as long as the page
    }
    this.memory = new Memory(database);
    await this.remember();
    const says = database ? new DiskShelf<Said>(database, 'says') : new MemoryShelf<Said>();
    this.queue = new Queue(says, (body, id) => this.link.askOnce(body, id), {
      changed: (waiting) => {
        this.waiting = waiting;
        if (waiting === 0) this.distressWaits = false;
        this.changed();
      },
      refused: (body, why) => this.refused(body, why),
    });
    await this.catchUp(); // before anything is shown
    this.waiting = await this.queue.waiting();
    this.reporter = new Reporter(this.link, database, this.memory, (waiting) => {
      this.fixesWaiting = waiting;
      this.changed();
    });
    await this.reporter.start();
    this.positions.start();
    this.settle();
    setInterval(() => this.changed(), 1000);
  }

  /** Logged out, or not let in any more: nothing sounds, and the position is nobody's business. */
  private silence(): void {
    this.gone = true;
    this.alarm.stop();
    this.positions.stop();
    keepAwake(false);
    speechSynthesis?.cancel();
  }

  private async forget(): Promise<void> {
    await this.queue.clear();
    await this.reporter.clear();
    await this.memory.clear();
    this.crew = { ...emptyCrew(), epoch: this.crew.epoch };
  }

  /** Nothing stays on the device, nothing sounds any more. */
  async leave(): Promise<void> {
    this.silence();
    await this.forget();
    this.alarm.stop();
  }

  // ---- what is kept on the device ----

  private async remember(): Promise<void> {
    const [order, state, seen, destination, epoch, complaints, from, unit, onDuty] = await Promise.all([
      this.memory.get<Uint8Array>('order'), this.memory.get<number>('state'), this.memory.get<boolean>('seen'),
      this.memory.get<Uint8Array>('destination'), this.memory.get<bigint>('epoch'),
      this.memory.get<[string, string][]>('complaints'), this.memory.get<Spot>('from'),
      this.memory.get<Uint8Array>('unit'), this.memory.get<boolean>('onDuty')]);
    if (unit) this.crew.unit = fromBinary(UnitSchema, unit);
    this.crew.onDuty = onDuty ?? false;
    this.crew.epoch = epoch ?? 0n;
    this.complaints = new Map(complaints ?? []);
    if (!order || state === undefined) return;
    this.crew.job = { order: fromBinary(OrderSchema, order), state, seen: seen ?? false };
    if (from) this.crew.job.from = from;
    if (destination) this.crew.job.destination = fromBinary(DestinationSchema, destination);
  }

  /** What was said and not sent yet was so, also where the page ended before it noted that. */
  private async catchUp(): Promise<void> {
    for (const { body, atMs } of await this.queue.bodies()) {
      if (body.case === 'raiseDistress') [this.distressWaits, this.crew.distressAtMs] = [true, atMs];
      const ours = this.crew.job?.order.assignmentId;
      if (body.case === 'advanceAssignment' && body.value.assignmentId === ours) takeStep(this.crew, body.value.state);
      if (body.case === 'answerOrder' && body.value.assignmentId === ours && this.crew.job!.state === AssignmentState.ORDERED)
        takeStep(this.crew, body.value.accept ? AssignmentState.ACCEPTED : AssignmentState.DECLINED);
    }
  }

  private async keep(): Promise<void> {
    const job = this.crew.job;
    await Promise.all([
      this.memory.set('order', job ? toBinary(OrderSchema, job.order) : undefined),
      this.memory.set('state', job?.state), this.memory.set('seen', job?.seen), this.memory.set('from', job?.from),
      this.memory.set('destination', job?.destination ? toBinary(DestinationSchema, job.destination) : undefined),
      this.memory.set('epoch', this.crew.epoch), this.memory.set('onDuty', this.crew.onDuty),
      this.memory.set('unit', this.crew.unit ? toBinary(UnitSchema, this.crew.unit) : undefined)]);
  }

  // ---- the engine ----

  private takeUnit(unit: Unit): void {
    this.crew.unit = unit;
    this.crew.onDuty = unit.onDuty;
    this.crew.distressAtMs = Number(unit.distressAtMs);
    if (unit.post && moveUpOn(unit.post.state)) this.crew.moveUp = unit.post;
    else delete this.crew.moveUp;
  }

  private async connected(): Promise<void> {
    const unit = this.link.welcome?.unit;
    if (unit) {
      // What was said and driven with another unit is not told for this one.
      if (this.crew.unit && this.crew.unit.code !== unit.code) await this.forget();
      const distressWaits = this.distressWaits;
      this.takeUnit(unit);
      if (distressWaits) this.crew.distressAtMs ||= this.link.now();
    }
    void this.queue.send();
    void this.reporter.send();
    this.settle();
    void Promise.all([this.askComplaints(), this.askHospitals(), this.askShift(), this.askGuide()]).then(() => this.changed());
    this.keepDistrict();
  }

  /** The map around the station, for the time without a line; the service worker fetches what it lacks. */
  private keepDistrict(): void {
    const home = this.crew.unit?.stationPoint;
    if (!home || !('serviceWorker' in navigator)) return;
    const keepTiles = tileUrls(boxAround([home.lon, home.lat], DISTRICT_M));
    void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage({ keepTiles }));
  }

  private async hear(body: Body): Promise<void> {
    if (this.gone) return;
    switch (body.case) {
      case 'order':
      case 'orderWithdrawn':
      case 'destination':
      case 'moveUpOrder':
        await this.take(body);
        break;
      case 'hospitalAdvice':
        if (this.crew.job?.order.assignmentId === body.value.assignmentId) this.crew.job.advice = body.value;
        break;
      case 'caughtUp': {
        // Whatever else is held is over, unless the engine has not heard yet what we said of it.
        const ours = this.crew.job?.order.assignmentId;
        if (ours !== undefined && !body.value.assignments.includes(ours) && !(await this.queue.holds(ours))) delete this.crew.job;
        break;
      }
      case 'update': {
        // What others said of our unit: its duty, its people, a distress that is over.
        const unit = body.value.units.find((one) => one.code === this.crew.unit?.code);
        if (!unit) return;
        this.takeUnit(unit);
        void this.askShift().then(() => this.changed());
        break;
      }
      case 'welfareCheck':
        this.crew.welfare = body.value;
        break;
      case 'error':
        if (body.value.code === 'WRONG_STATE') this.trouble = { kind: 'refused', text: say('takenOver') };
        break;
      default:
        return;
    }
    this.settle();
  }

  /** Takes what was told, unless an engine with a higher epoch was heard since; keeps it on the device,
   * and only then says that it is here. What is told again is taken again, without harm. */
  private async take(told: Told): Promise<void> {
    const receipt = receiptOf(told, this.crew.epoch);
    if (told.value.epoch < this.crew.epoch) {
      this.trouble = { kind: 'wrongEngine', text: say('wrongEngine') };
    } else {
      this.crew.epoch = told.value.epoch;
      const job = this.crew.job?.order.assignmentId;
      if (told.case === 'moveUpOrder') hearMoveUp(this.crew, told.value);
      else if (told.case === 'orderWithdrawn') hearWithdrawal(this.crew, told.value.assignmentId, told.value.reason);
      else if (told.case === 'order') {
        // A browser that has lost its disk must not keep an order from the crew.
        hearOrder(this.crew, told.value, await this.queue.holds(told.value.assignmentId).catch(() => false));
        if (job !== told.value.assignmentId) this.newJob(told.value);
      } else if (job === told.value.assignmentId) this.crew.job!.destination = told.value;
      try {
        await this.keep();
      } catch (error) {
        console.error(error); // shown and heard, and told again: this device does not have it
        return;
      }
    }
    if (told.value.toldSeq === 0n) return; // of an engine that does not ask for it
    void this.link.ask(receipt).catch(() => undefined); // refused: it is over, so nobody waits for it
  }

  private newJob(order: Order): void {
    this.trouble = undefined;
    this.guide = undefined;
    if (order.destination && this.crew.job)
      this.crew.job.destination = create(DestinationSchema, {
        assignmentId: order.assignmentId, hospitalCode: order.destination.code, name: order.destination.name,
        ...(order.destination.point ? { point: order.destination.point } : {}) });
    void this.askGuide();
  }

  private refused(body: Body, why: Refusal): void {
    if (this.gone) return;
    if (why.code === 'UNAUTHENTICATED') return;
    this.trouble = { kind: 'refused', text: say('lastRefused', { message: why.message }) };
    if (body.case === 'raiseDistress') {
      this.distressWaits = false;
      this.crew.distressAtMs = 0;
    }
    if (body.case === 'setDuty') this.crew.onDuty = this.link.welcome?.unit?.onDuty ?? false;
    this.changed();
  }

  /** After every change: what sounds, what is awake, where the way leads, what is kept. */
  private settle(): void {
    const loud = (orderRings(this.crew) && !this.crew.job!.seen) || moveUpRings(this.crew) || this.crew.welfare !== undefined;
    if (loud && !this.gone) this.alarm.start(orderRings(this.crew) ? say('newOrder') : say('title'));
    else this.alarm.stop();
    keepAwake(this.crew.job !== undefined);
    void this.keep();
    void this.findWay();
    this.changed();
  }

  // ---- what the engine is asked ----

  private async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question();
    } catch {
      return undefined; // the line broke or the engine does not want to: it is asked again after a login
    }
  }

  private async askComplaints(): Promise<void> {
    const page = await this.ask(() => this.link.askFor('complaintPage',
      { case: 'listComplaints', value: create(ListComplaintsSchema, { language: language() }) }));
    if (!page) return;
    this.complaints = new Map(page.complaints.map((one) => [one.code, one.name]));
    await this.memory.set('complaints', [...this.complaints]);
  }

  private async askHospitals(): Promise<void> {
    const page = await this.ask(() => this.link.askFor('hospitalPage',
      { case: 'listHospitals', value: create(ListHospitalsSchema) }));
    if (page) this.hospitals = page.hospitals;
  }

  private async askShift(): Promise<void> {
    const page = await this.ask(() => this.link.askFor('shiftPage', { case: 'listShifts', value: create(ListShiftsSchema) }));
    this.shift = page?.rows[0];
  }

  private async askGuide(): Promise<void> {
    const complaint = this.crew.job?.order.complaint;
    if (!complaint || this.guide?.complaint === complaint || this.link.state !== 'open') return;
    this.guide = await this.ask(() => this.link.askFor('guide',
      { case: 'getGuide', value: create(GetGuideSchema, { complaint, language: language() }) }));
    this.changed();
  }

  /** Which hospitals would do; also pushed when it changes. */
  async askAdvice(): Promise<void> {
    const job = this.crew.job;
    if (!job) return;
    const advice = await this.ask(() => this.link.askFor('hospitalAdvice',
      { case: 'askHospital', value: create(AskHospitalSchema, { assignmentId: job.order.assignmentId }) }));
    if (advice && this.crew.job === job) job.advice = advice;
    this.changed();
  }

  // ---- the way ----

  /** Asks for the way where the goal is new, or `anew` where the vehicle has left it. */
  private async findWay(anew = false): Promise<void> {
    const goal = goalOf(this.crew);
    if (!goal) {
      this.way = undefined;
      return;
    }
    const same = this.way !== undefined && distance(this.way.goal, goal) < 10;
    const from = this.fix ?? this.crew.unit?.position ?? this.crew.unit?.stationPoint;
    if ((same && !anew) || this.finding || !from || this.link.state !== 'open') return;
    this.finding = true;
    this.changed();
    const route = await this.ask(() => this.link.askFor('route', { case: 'routeQuery', value: create(RouteQuerySchema, {
      from: { lon: from.lon, lat: from.lat }, to: { lon: goal.lon, lat: goal.lat }, language: language() }) }));
    this.finding = false;
    const now = goalOf(this.crew);
    if (route && now && distance(now, goal) < 10) {
      this.way = { goal, track: makeTrack(route), progress: undefined };
      this.speaker = new Speaker();
      this.off = new OffRoute();
      this.follow();
    } else if (route) {
      void this.findWay();
    }
    this.changed();
  }

  private async moved(fix: Fix): Promise<void> {
    this.fix = fix;
    this.positionDenied = false;
    if (!this.gone) await this.reporter.tell(fix);
    this.follow();
    const offered = offeredStep(this.crew, fix);
    if (offered !== undefined && offered !== this.offered) navigator.vibrate?.(200);
    this.offered = offered;
    if (!this.way) void this.findWay();
    this.changed();
  }

  private follow(): void {
    const { way, fix } = this;
    if (!way?.track || !fix) return;
    way.progress = progressOn(way.track, fix, way.progress?.alongM ?? 0);
    if (this.off.look(way.progress.offM, fix.accuracyM, fix.atMs)) {
      void this.findWay(true);
      return;
    }
    const told = this.speaker.next(way.track, way.progress, fix.speedMps);
    if (told) this.speak(told.metres > 0
      ? say('inDistance', { metres: `${Math.round(told.metres / 50) * 50} meter`, instruction: told.step.instruction })
      : told.step.instruction);
  }

  private speak(text: string): void {
    if (!this.voice || typeof speechSynthesis === 'undefined' || this.alarm.rings) return;
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language() === 'id' ? 'id-ID' : 'en-GB';
    speechSynthesis.cancel(); // what was said before is behind us
    speechSynthesis.speak(words);
  }

  /** What the place suggests just now. */
  get offer(): AssignmentState | undefined {
    return offeredStep(this.crew, this.fix);
  }

  // ---- what the crew does ----

  /** Onto the shelf; where the browser keeps nothing, over the line as long as this page lives. */
  private async tell(body: Body, assignmentId = 0n): Promise<void> {
    try {
      await this.queue.say(body, assignmentId);
    } catch (error) {
      console.error(error);
      this.link.ask(body).catch((why: unknown) => why instanceof Refusal && this.refused(body, why));
    }
  }

  /** The job goes on when what was said is on the disk, so that the screen never shows more than is
   * kept; a second tap meanwhile counts as the first. */
  private async commit(body: Body, job: Job, deed: () => void): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    try {
      await this.tell(body, job.order.assignmentId);
      if (this.crew.job === job) deed();
    } finally {
      this.saving = false;
    }
    this.settle();
  }

  seen(): void {
    if (this.crew.job) this.crew.job.seen = true;
    this.settle();
  }

  answerOrder(accept: boolean, reason = ''): void {
    const job = this.crew.job;
    if (!job) return;
    job.seen = true;
    this.alarm.stop();
    void this.commit({ case: 'answerOrder', value: withDeviceTime(
      create(AnswerOrderSchema, { assignmentId: job.order.assignmentId, accept, reason })) }, job, () => {
      if (accept && this.fix) job.from = { lon: this.fix.lon, lat: this.fix.lat };
      takeStep(this.crew, accept ? AssignmentState.ACCEPTED : AssignmentState.DECLINED);
    });
  }

  advance(state: AssignmentState): void {
    const job = this.crew.job;
    if (!job) return;
    const hospitalCode = state === AssignmentState.TRANSPORTING
      ? job.destination?.hospitalCode || job.advice?.chosenCode || job.advice?.options[0]?.hospitalCode || '' : '';
    void this.commit({ case: 'advanceAssignment', value: withDeviceTime(
      create(AdvanceAssignmentSchema, { assignmentId: job.order.assignmentId, state, hospitalCode })) }, job, () => {
      takeStep(this.crew, state);
      if (state === AssignmentState.ON_SCENE) void this.askAdvice();
      if (state === AssignmentState.TRANSPORTING && !job.destination) this.goTo(hospitalCode);
    });
  }

  /** On the page at once; the engine's Destination follows with the arrival. */
  private goTo(code: string): void {
    const hospital = this.hospitals.find((one) => one.code === code);
    const job = this.crew.job;
    if (!hospital || !job) return;
    job.destination = create(DestinationSchema, { assignmentId: job.order.assignmentId, hospitalCode: code,
      name: hospital.name, ...(hospital.point ? { point: hospital.point } : {}) });
  }

  chooseHospital(code: string): void {
    const job = this.crew.job;
    if (!job) return;
    void this.tell({ case: 'chooseHospital', value: create(ChooseHospitalSchema,
      { assignmentId: job.order.assignmentId, hospitalCode: code }) }, job.order.assignmentId);
    this.goTo(code);
    this.settle();
  }

  tellColour(colour: ColourOfTriage): void {
    const job = this.crew.job;
    if (!job) return;
    void this.tell({ case: 'tellPatient', value: create(TellPatientSchema,
      { assignmentId: job.order.assignmentId, colour }) }, job.order.assignmentId);
  }

  tellCard(card: MessageInitShape<typeof PatientCardSchema>): void {
    const job = this.crew.job;
    if (!job) return;
    const measuredAtMs = BigInt(Math.round(this.link.now()));
    void this.tell({ case: 'tellPatientCard', value: create(TellPatientCardSchema,
      { assignmentId: job.order.assignmentId, card: { ...card, measuredAtMs } }) }, job.order.assignmentId);
  }

  setDuty(onDuty: boolean): void {
    this.crew.onDuty = onDuty;
    void this.tell({ case: 'setDuty', value: create(SetDutySchema, { onDuty }) });
    this.settle();
  }

  signOn(codes: string[]): void {
    void this.tell({ case: 'signOnCrew', value: create(SignOnCrewSchema, { crew: codes }) });
    this.crew.onDuty = true;
    this.changed();
    setTimeout(() => void this.askShift().then(() => this.changed()), 1500);
  }

  raiseDistress(): void {
    this.crew.distressAtMs = this.link.now();
    this.distressWaits = true;
    void this.tell({ case: 'raiseDistress', value: create(RaiseDistressSchema) });
    navigator.vibrate?.([100, 100, 100]);
    this.settle();
  }

  answerWelfare(): void {
    delete this.crew.welfare;
    void this.tell({ case: 'answerWelfare', value: create(AnswerWelfareSchema) });
    this.settle();
  }

  answerMoveUp(accept: boolean, reason = ''): void {
    const post = this.crew.moveUp;
    if (!post) return;
    void this.tell({ case: 'answerMoveUp', value: create(AnswerMoveUpSchema, { moveUpId: post.moveUpId, accept, reason }) });
    if (accept) post.state = PostState.POST_ACCEPTED;
    else delete this.crew.moveUp;
    this.settle();
  }

  noticed(): void {
    delete this.crew.withdrawn;
    this.trouble = undefined;
    this.changed();
  }

  setVoice(on: boolean): void {
    this.voice = on;
    localStorage.setItem('sigap.crew.voice', on ? 'on' : 'off');
    if (!on) speechSynthesis?.cancel();
    this.changed();
  }
}

function moveUpOn(state: PostState): boolean {
  return state === PostState.POST_ORDERED || state === PostState.POST_ACCEPTED || state === PostState.POST_THERE;
}
