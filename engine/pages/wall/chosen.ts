// What was chosen on the map or in the list, with the cameras that see it.
import { create } from '@bufbuild/protobuf';
import { FindCamerasSchema, type CameraNear } from '#proto/cameras_pb';
import { el } from '../lib/dom';
import type { Link } from '../lib/link';
import { metresText } from '../lib/words';
import { say } from './words';

export type Chosen = { what: 'incident' | 'unit' | 'hospital'; id: string };

/** Cameras near an incident, or on a unit's way; none where the engine has none or says no. */
export async function camerasFor(link: Link, chosen: Chosen): Promise<CameraNear[]> {
  const where = chosen.what === 'incident' ? { case: 'incidentId' as const, value: BigInt(chosen.id) }
    : { case: 'unit' as const, value: chosen.id };
  if (chosen.what === 'hospital') return [];
  try {
    const page = await link.askFor('cameraPage',
      { case: 'findCameras', value: create(FindCamerasSchema, { where, limit: 8 }) });
    return page.cameras;
  } catch {
    return [];
  }
}

function cameraRow({ camera, distanceM }: CameraNear): HTMLElement {
  const url = camera?.url ?? '';
  const opens = /^https?:/.test(url);
  return el('li', { 'data-camera': camera?.id ?? '' },
    el('span', {}, `${camera?.name ?? ''} · ${metresText(distanceM)}`),
    opens ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', class: 'button' }, say('openStream'))
      : el('small', { class: 'quiet' }, url || say('noStream')));
}

export function chosenPanel(title: string, lines: string[], cameras: CameraNear[], kind: Chosen['what'], close: () => void): HTMLElement {
  return el('section', { id: 'chosen', class: 'panel', 'aria-label': title },
    el('h2', {}, title),
    el('button', { type: 'button', class: 'plain close', id: 'close-chosen', 'aria-label': say('close'), onclick: close }, '×'),
    ...lines.map((line) => el('p', {}, line)),
    ...(kind === 'hospital' ? [] : [
      el('h3', {}, say(kind === 'unit' ? 'camerasOnWay' : 'cameras')),
      cameras.length === 0 ? el('p', { class: 'quiet' }, say('noCameras')) : el('ul', { class: 'cameras' }, ...cameras.map(cameraRow)),
    ]));
}
