-- The incident record in PostgreSQL: one row for the latest state of each thing, written by
-- the projection from the journal and by nobody else. Times are milliseconds since 1970 UTC,
-- NULL = not yet; ids that are NULL mean none; `seq` is the journal's event that last
-- changed the row. Enumerations are their wire names. Points are WGS 84, longitude first.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE SCHEMA IF NOT EXISTS sigap;

DROP VIEW IF EXISTS sigap.assignment_interval;
DROP TABLE IF EXISTS sigap.unit, sigap.hospital, sigap.call, sigap.call_place, sigap.incident,
    sigap.assignment, sigap.recommendation, sigap.candidate, sigap.personal,
    sigap.projection_cursor;

CREATE TABLE sigap.unit (
    number bigint PRIMARY KEY,
    code text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    agency text NOT NULL,
    station text NOT NULL,
    station_point geometry(Point, 4326),
    on_duty boolean NOT NULL,
    status text NOT NULL,
    position geometry(Point, 4326),
    position_at_ms bigint,
    at_station boolean NOT NULL,
    assignment_id bigint,
    incident_id bigint,
    signed_on_at_ms bigint,
    district text NOT NULL,
    lending text NOT NULL,
    version bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX unit_position ON sigap.unit USING gist (position);

CREATE TABLE sigap.hospital (
    number bigint PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    point geometry(Point, 4326),
    beds integer NOT NULL,
    seq bigint NOT NULL
);

CREATE TABLE sigap.call (
    id bigint PRIMARY KEY,
    incident_id bigint,
    received_at_ms bigint,
    placed_at_ms bigint,
    channel text NOT NULL,
    complaint text NOT NULL,
    priority text NOT NULL,
    looking_up boolean NOT NULL,
    version bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX call_incident ON sigap.call (incident_id);

-- The candidates of a call's place, best first (rank 0).
CREATE TABLE sigap.call_place (
    call_id bigint,
    rank bigint,
    kind text,
    point geometry(Point, 4326),
    uncertainty_m integer,
    confidence_permille integer,
    label text,
    kelurahan text,
    kecamatan text,
    kabupaten text,
    seq bigint NOT NULL,
    PRIMARY KEY (call_id, rank)
);

CREATE TABLE sigap.incident (
    id bigint PRIMARY KEY,
    state text NOT NULL,
    priority text NOT NULL,
    complaint text NOT NULL,
    place_kind text,
    point geometry(Point, 4326),
    uncertainty_m integer,
    confidence_permille integer,
    label text,
    kelurahan text,
    kecamatan text,
    kabupaten text,
    place_confirmed boolean NOT NULL,
    opened_at_ms bigint,
    placed_at_ms bigint,
    first_order_at_ms bigint,
    first_on_scene_at_ms bigint,
    closed_at_ms bigint,
    outcome text NOT NULL,
    calls bigint NOT NULL,
    first_call_id bigint,
    recommendation_id bigint,
    units_wanted bigint NOT NULL,
    diverted bigint NOT NULL,
    aid_asked boolean NOT NULL,
    backup bigint NOT NULL,
    mass_casualty boolean NOT NULL,
    patients bigint NOT NULL,
    version bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX incident_point ON sigap.incident USING gist (point);
CREATE INDEX incident_opened ON sigap.incident (opened_at_ms);

CREATE TABLE sigap.assignment (
    id bigint PRIMARY KEY,
    incident_id bigint,
    unit_number bigint,
    unit_code text NOT NULL,
    state text NOT NULL,
    recommendation_id bigint,
    travel_ms bigint NOT NULL,
    by_dispatcher boolean NOT NULL,
    hospital_code text NOT NULL,
    reason text NOT NULL,
    proposed_at_ms bigint,
    ordered_at_ms bigint,
    accepted_at_ms bigint,
    en_route_at_ms bigint,
    on_scene_at_ms bigint,
    transporting_at_ms bigint,
    at_hospital_at_ms bigint,
    handed_over_at_ms bigint,
    closed_at_ms bigint,
    declined_at_ms bigint,
    timed_out_at_ms bigint,
    diverted_at_ms bigint,
    stood_down_at_ms bigint,
    version bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX assignment_incident ON sigap.assignment (incident_id);
CREATE INDEX assignment_unit ON sigap.assignment (unit_number, ordered_at_ms);

CREATE TABLE sigap.recommendation (
    id bigint PRIMARY KEY,
    incident_id bigint,
    at_ms bigint,
    policy text NOT NULL,
    seq bigint NOT NULL
);
CREATE INDEX recommendation_incident ON sigap.recommendation (incident_id);

-- Every unit that was looked at, the recommended ones first (rank 0 is the best).
CREATE TABLE sigap.candidate (
    recommendation_id bigint,
    rank bigint,
    unit_number bigint,
    unit_code text NOT NULL,
    travel_ms bigint NOT NULL,
    turnout_ms bigint NOT NULL,
    wait_ms bigint NOT NULL,
    walk_ms bigint NOT NULL,
    policy_ms bigint NOT NULL,
    total_ms bigint NOT NULL,
    from_incident_id bigint,
    seat bigint NOT NULL,
    position_age_ms bigint NOT NULL,
    exclusion text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (recommendation_id, rank)
);

-- What callers said, sealed under their incident's key, which only the journal has.
-- NULL = erased.
CREATE TABLE sigap.personal (
    call_id bigint PRIMARY KEY,
    incident_id bigint,
    sealed bytea,
    seq bigint NOT NULL
);
CREATE INDEX personal_incident ON sigap.personal (incident_id);

-- How far these tables are, and of which journal: changed in the transaction of the rows.
CREATE TABLE sigap.projection_cursor (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    schema_version integer NOT NULL,
    journal_id bytea NOT NULL,
    event_seq bigint NOT NULL,
    erasure_number bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Intervals by their end points (all in milliseconds).
CREATE VIEW sigap.assignment_interval AS
SELECT a.id AS assignment_id, a.incident_id, a.unit_code, i.priority,
    a.ordered_at_ms - i.placed_at_ms AS decide_ms,
    a.en_route_at_ms - a.ordered_at_ms AS turnout_ms,
    a.on_scene_at_ms - a.en_route_at_ms AS travel_ms,
    a.transporting_at_ms - a.on_scene_at_ms AS scene_ms,
    a.at_hospital_at_ms - a.transporting_at_ms AS transport_ms,
    a.handed_over_at_ms - a.at_hospital_at_ms AS handover_ms,
    a.on_scene_at_ms - i.opened_at_ms AS response_from_answer_ms
FROM sigap.assignment a JOIN sigap.incident i ON i.id = a.incident_id;
