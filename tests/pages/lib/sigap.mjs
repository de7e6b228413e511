// The dispatcher's side of the tests: the engine's own messages as proto-JSON over HTTP, which is all
// that a client of another language needs.
import { randomBytes } from 'node:crypto';

/** A request's id, UUIDv7 in base64. */
export function makeId() {
  const id = randomBytes(16);
  id.writeUIntBE(Date.now(), 0, 6);
  id[6] = (id[6] & 0x0f) | 0x70;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id.toString('base64');
}

export class Sigap {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  /** { getStatus: {} } gives { status: {…} }; an error is thrown. */
  async ask(body) {
    const answer = await fetch(`${this.base}/v1/request`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ id: makeId(), ...body }),
    });
    const frame = await answer.json();
    if (frame.error) throw new Error(`${Object.keys(body)[0]}: ${frame.error.code}: ${frame.error.message}`);
    return frame;
  }

  /** The numbers of the call and its incident. */
  async call(point, complaint) {
    return (await this.ask({ reportCall: { point, uncertaintyM: 10, complaint, channel: '112' } })).done;
  }

  async order(incidentId, unitCode) {
    return (await this.ask({ orderUnit: { incidentId, unitCode } })).done;
  }

  async unit(code) {
    return (await this.ask({ listUnits: {} })).unitPage.units.find((unit) => unit.code === code);
  }

  async incident(incidentId) {
    return (await this.ask({ getIncident: { incidentId } })).incidentDetail;
  }

  async hospitals() {
    return (await this.ask({ listHospitals: {} })).hospitalPage.hospitals;
  }
}

/** The points of a drive, by the engine's own roads (OSRM's API). */
export async function driveOf(base, from, to) {
  const answer = await (await fetch(`${base}/route/v1/car/${from.lon},${from.lat};${to.lon},${to.lat}` +
    '?overview=full&geometries=geojson')).json();
  if (answer.code !== 'Ok') throw new Error(`no way: ${answer.code}`);
  return answer.routes[0].geometry.coordinates.map(([lon, lat]) => ({ lon, lat }));
}
