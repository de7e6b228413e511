// The symbols on the map, drawn here and not fetched: a shape and letters for what it is, a colour
// and a mark for how it is. Nobody has to tell colours apart: kind and status stand in letters too.

export type UnitKind =
  | 'ambulance_basic' | 'ambulance_advanced' | 'motorbike' | 'command_car' | 'fire_engine' | 'rescue';
export type UnitStatus =
  | 'off_duty' | 'available' | 'ordered' | 'en_route' | 'on_scene' | 'transporting' | 'at_hospital';
export type Priority = 'unknown' | 'p1' | 'p2' | 'p3' | 'p4';

const KIND_LETTERS: Record<UnitKind, string> = {
  ambulance_basic: 'A', ambulance_advanced: 'A+', motorbike: 'M', command_car: 'K', fire_engine: 'D', rescue: 'R',
};

/** Ground, letters, and the mark in the corner (◦ free … ✚ patient). */
const STATUS_LOOKS: Record<UnitStatus, [ground: string, ink: string, mark: string]> = {
  off_duty: ['#6b7480', '#ffffff', '–'],
  available: ['#0f6b3a', '#ffffff', ''],
  ordered: ['#8a5300', '#ffffff', '!'],
  en_route: ['#0b5cad', '#ffffff', '›'],
  on_scene: ['#6a1b9a', '#ffffff', '•'],
  transporting: ['#b3141c', '#ffffff', '+'],
  at_hospital: ['#7a3e00', '#ffffff', 'H'],
};
const PRIORITY_LOOKS: Record<Priority, [ground: string, ink: string, letters: string]> = {
  unknown: ['#ffffff', '#14181f', '?'],
  p1: ['#c4161c', '#ffffff', '1'],
  p2: ['#ffd400', '#14181f', '2'],
  p3: ['#1a8a4a', '#ffffff', '3'],
  p4: ['#ffffff', '#14181f', '4'],
};
const RATIO = 2; // pictures hold two pixels for each of the page's

export interface SymbolHost {
  hasImage(name: string): boolean;
  addImage(name: string, image: ImageData, options: { pixelRatio: number }): unknown;
}

function canvasOf(size: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * RATIO;
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  pen.scale(RATIO, RATIO);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  return pen;
}

function letters(pen: CanvasRenderingContext2D, text: string, x: number, y: number, px: number, ink: string): void {
  pen.font = `700 ${px}px system-ui, "Noto Sans", sans-serif`;
  pen.fillStyle = ink;
  pen.fillText(text, x, y + px * 0.06);
}

function take(host: SymbolHost, name: string, pen: CanvasRenderingContext2D): void {
  const { width, height } = pen.canvas;
  host.addImage(name, pen.getImageData(0, 0, width, height), { pixelRatio: RATIO });
}

/** The outline of a kind of unit in a square of 32: round for cars that carry patients, pointed
 * for motorbikes, square for the others. */
function unitShape(pen: CanvasRenderingContext2D, kind: UnitKind): void {
  pen.beginPath();
  if (kind === 'motorbike') {
    pen.moveTo(16, 2); pen.lineTo(30, 16); pen.lineTo(16, 30); pen.lineTo(2, 16); pen.closePath();
  } else if (kind.startsWith('ambulance')) {
    pen.arc(16, 16, 13, 0, 2 * Math.PI);
  } else {
    pen.rect(4, 4, 24, 24);
  }
}

function drawUnit(host: SymbolHost, name: string, kind: UnitKind, status: UnitStatus, stale: boolean): void {
  const pen = canvasOf(32);
  const [ground, ink, mark] = STATUS_LOOKS[status];
  unitShape(pen, kind);
  pen.fillStyle = stale ? '#d7dbe0' : ground;
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = stale ? '#b3141c' : '#ffffff';
  pen.setLineDash(stale ? [4, 3] : []);
  pen.stroke();
  letters(pen, KIND_LETTERS[kind], 16, mark ? 14 : 16, 12, stale ? '#14181f' : ink);
  if (mark) letters(pen, mark, 16, 24, 10, stale ? '#14181f' : ink);
  take(host, name, pen);
}

/** A house's outline that stands on its point: what happens is not what drives. */
function drawIncident(host: SymbolHost, name: string, priority: Priority): void {
  const pen = canvasOf(36);
  const [ground, ink, text] = PRIORITY_LOOKS[priority];
  pen.beginPath();
  pen.moveTo(4, 4); pen.lineTo(32, 4); pen.lineTo(32, 24); pen.lineTo(18, 34); pen.lineTo(4, 24);
  pen.closePath();
  pen.fillStyle = ground;
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = '#14181f';
  pen.stroke();
  letters(pen, text, 18, 15, 17, ink);
  take(host, name, pen);
}

function drawHospital(host: SymbolHost, name: string, state: HospitalState): void {
  const pen = canvasOf(28);
  pen.beginPath();
  pen.rect(3, 3, 22, 22);
  pen.fillStyle = '#ffffff';
  pen.fill();
  pen.lineWidth = 3;
  pen.strokeStyle = state === 'open' ? '#0b5cad' : '#b3141c';
  pen.stroke();
  letters(pen, 'H', 14, 14, 15, state === 'open' ? '#0b5cad' : '#b3141c');
  if (state === 'limited' || state === 'closed') {
    pen.beginPath();
    pen.moveTo(4, 24); pen.lineTo(24, 4);
    if (state === 'closed') { pen.moveTo(4, 4); pen.lineTo(24, 24); }
    pen.stroke();
  }
  take(host, name, pen);
}

/** The wedge looks north; the map turns it to where the camera looks. */
function drawCamera(host: SymbolHost, name: string, looks: boolean): void {
  const pen = canvasOf(34);
  if (looks) {
    pen.beginPath();
    pen.moveTo(17, 17); pen.lineTo(6, 1); pen.lineTo(28, 1); pen.closePath();
    pen.fillStyle = 'rgb(11 92 173 / 45%)';
    pen.fill();
  }
  pen.beginPath();
  pen.arc(17, 17, 7, 0, 2 * Math.PI);
  pen.fillStyle = '#14181f';
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = '#ffffff';
  pen.stroke();
  pen.beginPath();
  pen.arc(17, 17, 2.5, 0, 2 * Math.PI);
  pen.fillStyle = '#ffffff';
  pen.fill();
  take(host, name, pen);
}

/** A hand's breadth in front of the way that a one-way street goes. */
function drawArrow(host: SymbolHost, name: string, ink: string): void {
  const pen = canvasOf(14);
  pen.beginPath();
  pen.moveTo(2, 7); pen.lineTo(12, 7); pen.moveTo(8.5, 3.5); pen.lineTo(12, 7); pen.lineTo(8.5, 10.5);
  pen.lineWidth = 1.6;
  pen.strokeStyle = ink;
  pen.stroke();
  take(host, name, pen);
}

export type HospitalState = 'open' | 'limited' | 'closed';

export const unitSymbol = (kind: UnitKind, status: UnitStatus, stale: boolean): string =>
  `unit:${kind}:${status}:${stale ? 'stale' : 'fresh'}`;
export const incidentSymbol = (priority: Priority): string => `incident:${priority}`;
export const hospitalSymbol = (state: HospitalState): string => `hospital:${state}`;
export const cameraSymbol = (looks: boolean): string => `camera:${looks ? 'looks' : 'around'}`;

/** Draws the symbol of this name, as one of the functions above made it; false: it is none. */
export function drawSymbol(host: SymbolHost, name: string): boolean {
  if (host.hasImage(name)) return true;
  const [what, first = '', second = '', third = ''] = name.split(':');
  if (what === 'unit' && first in KIND_LETTERS && second in STATUS_LOOKS)
    drawUnit(host, name, first as UnitKind, second as UnitStatus, third === 'stale');
  else if (what === 'incident' && first in PRIORITY_LOOKS) drawIncident(host, name, first as Priority);
  else if (what === 'hospital') drawHospital(host, name, first as HospitalState);
  else if (what === 'camera') drawCamera(host, name, first === 'looks');
  else if (what === 'arrow') drawArrow(host, name, first === 'dark' ? '#a9b3c1' : '#525c6b');
  else return false;
  return true;
}
