-- From what osm2pgsql took out of the extract to what the placer searches.
--
-- Runs in the staging schema (it is first in search_path). Each part between
-- "-- phase:" lines is one transaction and one line of progress. The table
-- raw_text(text, words) is there already: every name that occurs, with the words
-- that place_text.c makes of it, so that names and callers' texts meet in one
-- spelling. All geometry is WGS 84; lengths and radii are metres.

-- phase: districts

-- Words as they are compared: place_text.c's, without accents.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT btrim(regexp_replace(lower(unaccent(words)), '[^[:alnum:]]+', ' ', 'g'))
$$;
UPDATE raw_text SET words = folded(words);
DELETE FROM raw_text WHERE words = '';
ALTER TABLE raw_text ADD PRIMARY KEY (text);
ANALYZE raw_text;

-- Radius of the circle with the footprint's half diagonal.
CREATE FUNCTION footprint_m(shape geometry) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT round(ST_Distance(ST_SetSRID(ST_MakePoint(ST_XMin(shape), ST_YMin(shape)), 4326)::geography,
                             ST_SetSRID(ST_MakePoint(ST_XMax(shape), ST_YMax(shape)), 4326)::geography) / 2)::int
$$;

CREATE TABLE area (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,      -- kelurahan, kecamatan, kabupaten, boundary (another level), place
    level int,               -- admin_level of OpenStreetMap; NULL for a place without a boundary
    place text,
    name text NOT NULL,
    aliases text,
    point geometry(Point, 4326) NOT NULL,
    radius_m int NOT NULL,
    geom geometry            -- polygon; NULL for a place known as a point only
);

-- Which level is a kelurahan differs from country to country. In Indonesia it is
-- written down: 5 kabupaten or kota, 6 kecamatan, 7 kelurahan or desa. Elsewhere
-- the three finest levels that the extract has stand for them.
CREATE TABLE area_level AS
WITH bounds AS (
    SELECT ST_Centroid(ST_Extent(geom)::geometry) AS middle FROM road
), present AS (
    SELECT DISTINCT level FROM raw_area
     WHERE level BETWEEN 3 AND 10 AND ST_Dimension(geom) = 2
), indonesia AS (
    SELECT ST_X(middle) BETWEEN 95 AND 141 AND ST_Y(middle) BETWEEN -11 AND 6
           AND EXISTS (SELECT FROM present WHERE level IN (5, 6, 7)) AS yes FROM bounds
)
SELECT level, CASE WHEN yes THEN CASE level WHEN 7 THEN 'kelurahan' WHEN 6 THEN 'kecamatan'
                                            WHEN 5 THEN 'kabupaten' END
              ELSE (ARRAY['kelurahan', 'kecamatan', 'kabupaten'])[row_number() OVER (ORDER BY level DESC)]
              END AS kind
  FROM present, indonesia;

INSERT INTO area (kind, level, place, name, aliases, point, radius_m, geom)
SELECT coalesce(l.kind, 'boundary'), r.level, r.place, r.name, r.aliases, ST_PointOnSurface(r.geom),
       greatest(footprint_m(r.geom), 100), r.geom
  FROM raw_area r LEFT JOIN area_level l USING (level)
 WHERE r.level IS NOT NULL AND ST_Dimension(r.geom) = 2
 ORDER BY r.level, r.osm_type, r.osm_id;

-- A place that has a boundary of the same name around it is that area.
INSERT INTO area (kind, place, name, aliases, point, radius_m, geom)
SELECT 'place', r.place, r.name, r.aliases, ST_PointOnSurface(r.geom),
       CASE WHEN ST_Dimension(r.geom) = 2 THEN greatest(footprint_m(r.geom), 100)
            ELSE CASE r.place WHEN 'city' THEN 5000 WHEN 'town' THEN 2500 WHEN 'municipality' THEN 5000
                              WHEN 'borough' THEN 2000 WHEN 'suburb' THEN 1200 WHEN 'village' THEN 1000
                              ELSE 500 END END,
       CASE WHEN ST_Dimension(r.geom) = 2 THEN r.geom END
  FROM raw_area r
 WHERE r.level IS NULL
   AND NOT EXISTS (SELECT FROM area a WHERE a.name = r.name AND ST_Intersects(a.geom, r.geom))
 ORDER BY r.osm_type, r.osm_id;

-- Big polygons are cut up so that "which kelurahan is this point in" stays cheap.
CREATE TABLE area_piece AS
SELECT id AS area, kind, ST_Subdivide(ST_MakeValid(geom), 64) AS geom
  FROM area WHERE geom IS NOT NULL AND kind IN ('kelurahan', 'kecamatan', 'kabupaten');
CREATE INDEX ON area_piece USING gist (geom);
CREATE INDEX area_place ON area USING gist (point) WHERE kind = 'place';
ANALYZE area;
ANALYZE area_piece;

-- Kelurahan, kecamatan and kabupaten of a point, '' where nothing is known. Where
-- the extract has no boundary at all, the nearest named places stand for them.
CREATE FUNCTION district(p geometry, OUT kelurahan text, OUT kecamatan text, OUT kabupaten text)
LANGUAGE sql STABLE AS $$
    WITH inside AS (
        SELECT x.kind, min(a.name) AS name FROM area_piece x JOIN area a ON a.id = x.area
         WHERE ST_Intersects(x.geom, p) GROUP BY x.kind
    )
    SELECT coalesce((SELECT name FROM inside WHERE kind = 'kelurahan'),
                    (SELECT n.name FROM (SELECT a.name, a.point FROM area a
                              WHERE a.kind = 'place' AND a.place NOT IN
                                    ('city', 'town', 'municipality', 'locality', 'isolated_dwelling')
                              ORDER BY a.point <-> p LIMIT 1) n
                      WHERE ST_DistanceSphere(n.point, p) < 2500), ''),
           coalesce((SELECT name FROM inside WHERE kind = 'kecamatan'), ''),
           coalesce((SELECT name FROM inside WHERE kind = 'kabupaten'),
                    (SELECT n.name FROM (SELECT a.name, a.point FROM area a
                              WHERE a.kind = 'place' AND a.place IN ('city', 'town', 'municipality')
                              ORDER BY a.point <-> p LIMIT 1) n
                      WHERE ST_DistanceSphere(n.point, p) < 20000 AND NOT EXISTS (SELECT FROM inside)), '')
$$;

-- phase: streets

CREATE TABLE street (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    words text NOT NULL,     -- as compared
    aliases text,
    class text,              -- NULL: known from addresses only
    length_m int NOT NULL,
    point geometry(Point, 4326) NOT NULL, -- on the road, as near to its middle as the road comes
    kelurahan text, kecamatan text, kabupaten text, -- of the point
    passes text,             -- all districts that it runs through
    geom geometry NOT NULL
);

-- Roads of one name that touch, or run within some 150 m of each other (the two
-- carriageways of a street, its parts on both sides of a square), are one street.
-- A name that comes again in another part of the city stays a street of its own.
INSERT INTO street (name, words, aliases, class, length_m, point, geom)
SELECT name, words, aliases, class, length_m, ST_ClosestPoint(geom, ST_Centroid(geom)), geom
  FROM (SELECT (mode() WITHIN GROUP (ORDER BY name)) AS name, words, max(aliases) AS aliases,
               (mode() WITHIN GROUP (ORDER BY class)) AS class,
               greatest(sum(ST_Length(geom::geography)), 1)::int AS length_m,
               ST_LineMerge(ST_Collect(geom)) AS geom, min(osm_id) AS first
          FROM (SELECT r.*, t.words,
                       ST_ClusterDBSCAN(r.geom, 0.0014, 1) OVER (PARTITION BY t.words) AS piece
                  FROM road r JOIN raw_text t ON t.text = r.name) pieces
         GROUP BY words, piece) merged
 ORDER BY first;
CREATE INDEX ON street (words);
ANALYZE street;

-- phase: house numbers

CREATE TABLE address (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    street int NOT NULL,
    number text NOT NULL,    -- as compared: "5a"
    number_value int,        -- its digits
    number_shown text NOT NULL,
    point geometry(Point, 4326) NOT NULL
);

CREATE TABLE raw_house AS
SELECT row_number() OVER (ORDER BY r.osm_type, r.osm_id) AS id, r.street AS said, t.words,
       left(lower(regexp_replace(substring(r.number FROM '^[^-,;/]*'), '[^[:alnum:]]', '', 'g')), 15) AS number,
       r.number AS number_shown, ST_PointOnSurface(r.geom) AS point
  FROM raw_address r JOIN raw_text t ON t.text = r.street;

-- The nearest street of that name within about 700 m. As one join: asking street by
-- street took five times as long.
ALTER TABLE raw_house ADD street int;
ANALYZE raw_house;
UPDATE raw_house h SET street = n.street
  FROM (SELECT DISTINCT ON (r.id) r.id, s.id AS street
          FROM raw_house r JOIN street s ON s.words = r.words AND ST_DWithin(s.geom, r.point, 0.006)
         ORDER BY r.id, ST_Distance(s.geom, r.point), s.id) n
 WHERE n.id = h.id;

-- Addresses of a street that is not on the map make a street of their own.
WITH orphan AS (
    SELECT *, ST_ClusterDBSCAN(point, 0.003, 1) OVER (PARTITION BY words) AS piece
      FROM raw_house WHERE street IS NULL
), made AS (
    INSERT INTO street (name, words, length_m, point, geom)
    SELECT (mode() WITHIN GROUP (ORDER BY said)), words, greatest(2 * footprint_m(ST_Collect(point)), 50),
           ST_ClosestPoint(ST_Collect(point), ST_Centroid(ST_Collect(point))), ST_Collect(point)
      FROM orphan GROUP BY words, piece ORDER BY min(id)
    RETURNING id, words, geom
)
UPDATE raw_house h SET street = m.id FROM made m
 WHERE h.street IS NULL AND m.words = h.words AND ST_DWithin(m.geom, h.point, 0.00001);

INSERT INTO address (street, number, number_value, number_shown, point)
SELECT street, number, nullif(left(substring(number FROM '\d+'), 6), '')::int, number_shown, point
  FROM raw_house WHERE street IS NOT NULL AND number <> '' ORDER BY id;
CREATE INDEX ON address (street, number_value);
CREATE INDEX ON address USING gist (point);
ANALYZE address;

-- The index comes first because the districts look every street up by its place.
CREATE INDEX ON street USING gist (geom);
UPDATE street s SET kelurahan = d.kelurahan, kecamatan = d.kecamatan, kabupaten = d.kabupaten, passes = d.passes
  FROM (SELECT x.id, y.*, p.names AS passes
          FROM street x CROSS JOIN LATERAL district(x.point) y
          LEFT JOIN (SELECT s.id, string_agg(DISTINCT a.name, ' ') AS names
                       FROM area_piece x JOIN street s ON ST_Intersects(x.geom, s.geom)
                       JOIN area a ON a.id = x.area
                      GROUP BY s.id) p USING (id)) d
 WHERE d.id = s.id;

-- phase: facilities

CREATE TABLE facility (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,      -- hospital, clinic, fire_station, police, school, …
    name text NOT NULL,
    aliases text,            -- separated by ';'
    radius_m int NOT NULL,   -- of the footprint
    point geometry(Point, 4326) NOT NULL,
    kelurahan text, kecamatan text, kabupaten text
);

-- One thing is often drawn twice, as a ground and as a point: the larger stays.
INSERT INTO facility (kind, name, aliases, radius_m, point)
SELECT kind, name, aliases, radius_m, point
  FROM (SELECT DISTINCT ON (kind, words, piece) kind, name,
               string_agg(aliases, ';') OVER (PARTITION BY kind, words, piece) AS aliases, radius_m, point,
               osm_type, osm_id
          FROM (SELECT r.*, t.words, greatest(footprint_m(r.geom), 20) AS radius_m,
                       ST_PointOnSurface(r.geom) AS point,
                       ST_ClusterDBSCAN(r.geom, 0.001, 1) OVER (PARTITION BY r.kind, t.words) AS piece
                  FROM raw_facility r JOIN raw_text t ON t.text = r.name) drawn
         ORDER BY kind, words, piece, radius_m DESC, osm_type, osm_id) once
 ORDER BY osm_type, osm_id;
UPDATE facility f SET kelurahan = d.kelurahan, kecamatan = d.kecamatan, kabupaten = d.kabupaten
  FROM (SELECT x.id, y.* FROM facility x, LATERAL district(x.point) y) d WHERE d.id = f.id;
CREATE INDEX ON facility (kind);
CREATE INDEX ON facility USING gist (point);
ANALYZE facility;

-- phase: search

-- Everything that can be asked for, one row a name. `own` are the words of the
-- name, `every` also those of its districts, so that "Veteran Ketawanggede" meets
-- the right Veteran.
CREATE TABLE name (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind "char" NOT NULL,    -- s street, f facility, a area
    thing int NOT NULL,      -- id in that table
    label text NOT NULL,
    own text[] NOT NULL,
    context text[] NOT NULL,
    own_weight real NOT NULL DEFAULT 0,
    every tsvector NOT NULL,
    reach_m int NOT NULL,    -- radius: footprint, or half the street's length
    rank smallint NOT NULL,  -- among equals, the smaller first
    point geometry(Point, 4326) NOT NULL,
    kelurahan text NOT NULL, kecamatan text NOT NULL, kabupaten text NOT NULL
);

WITH thing AS (
    SELECT 's'::"char" AS kind, id, name, aliases, length_m / 2 AS reach_m,
           CASE WHEN class IN ('motorway', 'trunk', 'primary', 'secondary') THEN 2
                WHEN class IS NULL THEN 6 ELSE 3 END AS rank,
           point, kelurahan, kecamatan, kabupaten, passes FROM street
    UNION ALL
    SELECT 'f', id, name, aliases, radius_m,
           CASE kind WHEN 'hospital' THEN 0 WHEN 'clinic' THEN 1 WHEN 'fire_station' THEN 1
                     WHEN 'police' THEN 1 WHEN 'landmark' THEN 4 WHEN 'other' THEN 5 ELSE 3 END,
           point, kelurahan, kecamatan, kabupaten, NULL FROM facility
    UNION ALL
    SELECT 'a', a.id, a.name, a.aliases, a.radius_m, 4, a.point,
           CASE WHEN a.kind IN ('kecamatan', 'kabupaten') OR a.kind = 'boundary' AND a.level < 8
                     OR a.place IN ('city', 'town') THEN '' ELSE d.kelurahan END,
           CASE WHEN a.kind = 'kabupaten' OR a.kind = 'boundary' AND a.level < 8 OR a.place = 'city' THEN ''
                ELSE d.kecamatan END,
           CASE WHEN a.kind = 'boundary' AND a.level < 8 THEN '' ELSE d.kabupaten END, NULL
      FROM area a, LATERAL district(a.point) d
), said AS (
    SELECT t.kind, t.id, t.name, t.reach_m, t.rank, t.point, coalesce(t.kelurahan, '') AS kelurahan,
           coalesce(t.kecamatan, '') AS kecamatan, coalesce(t.kabupaten, '') AS kabupaten,
           t.passes, w.words,
           min(s.nth) AS nth
      FROM thing t
     CROSS JOIN LATERAL (SELECT t.name AS text, 0 AS nth
                          UNION ALL
                         SELECT btrim(one), 1 FROM regexp_split_to_table(t.aliases, ';') one) s
      JOIN raw_text w ON w.text = s.text
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
)
INSERT INTO name (kind, thing, label, own, context, every, reach_m, rank, point,
                  kelurahan, kecamatan, kabupaten)
SELECT kind, id, regexp_replace(name, '^Jalan ', 'Jl. '), own, context,
       array_to_tsvector(own || context), reach_m, rank, point, kelurahan, kecamatan, kabupaten
  FROM (SELECT s.*, string_to_array(s.words, ' ') AS own,
               string_to_array(btrim(concat_ws(' ', nullif(folded(kelurahan), ''), nullif(folded(kecamatan), ''),
                                               nullif(folded(kabupaten), ''), nullif(folded(passes), ''))), ' ')
                   AS context
          FROM said s) x
 ORDER BY kind, id, nth, words;
CREATE INDEX ON name USING gin (every);
CREATE INDEX ON name (kind, thing);

-- The vocabulary: how many names have a word. A rare word says more.
CREATE TABLE word AS
SELECT word, count(*)::int AS n, (1 / (1 + ln(count(*))))::real AS weight
  FROM (SELECT id, unnest(own) AS word FROM name UNION SELECT id, unnest(context) FROM name) w
 GROUP BY word;
ALTER TABLE word ADD PRIMARY KEY (word);
CREATE INDEX ON word USING gin (word gin_trgm_ops);
UPDATE name n SET own_weight = (SELECT sum(w.weight) FROM word w WHERE w.word = ANY (n.own));

-- phase: finishing

DROP TABLE raw_address, raw_facility, raw_area, raw_text, raw_house, area_level;
ANALYZE name;
ANALYZE word;
ANALYZE street;
ANALYZE facility;
