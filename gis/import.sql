-- From what osm2pgsql took out of the extract to what the placer searches.
--
-- Runs in the staging schema (it is first in search_path). Each part between
-- "-- phase:" lines is one transaction and one line of progress. Made by the import before it
-- begins, so that the map's names and callers' texts meet in one spelling (import_words.c):
--   raw_text(text, words)                   every name that occurs, and its words
--   raw_number(said, block_said, number, value, block)   every house number, taken apart
--   raw_alias(name, alias, lon, lat, km)    aliases.conf; NULL lon = everywhere
--   raw_junction(junction, name, arms, is_roundabout, lon, lat)   junctions of the road graph,
--                                           a row for each street that meets there
-- All geometry is WGS 84; lengths and radii are metres.

-- phase: districts

-- Words as they are compared: place_text.c's, without accents.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT btrim(regexp_replace(lower(unaccent(words)), '[^[:alnum:]]+', ' ', 'g'))
$$;
UPDATE raw_text SET words = folded(words);
DELETE FROM raw_text WHERE words = '';
ALTER TABLE raw_text ADD PRIMARY KEY (text);
ANALYZE raw_text;
ANALYZE raw_number;
ANALYZE raw_junction;

-- Radius of the circle with the footprint's half diagonal.
CREATE FUNCTION footprint_m(shape geometry) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT round(ST_Distance(ST_SetSRID(ST_MakePoint(ST_XMin(shape), ST_YMin(shape)), 4326)::geography,
                             ST_SetSRID(ST_MakePoint(ST_XMax(shape), ST_YMax(shape)), 4326)::geography) / 2)::int
$$;

CREATE TABLE area (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,      -- kelurahan, kecamatan, kabupaten, boundary (another level), place,
                             -- estate, rw, rt
    level int,               -- admin_level of OpenStreetMap; NULL for a place without a boundary
    place text,
    name text NOT NULL,
    aliases text,
    point geometry(Point, 4326) NOT NULL,
    radius_m int NOT NULL,
    rt int, rw int,          -- their numbers
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

-- "RW 05", "RT 03", "RT 003 / RW 005", "Rukun Warga 5", whichever admin_level the mapper chose.
INSERT INTO area (kind, level, place, name, aliases, point, radius_m, rt, rw, geom)
SELECT CASE WHEN r.rt IS NOT NULL THEN 'rt' WHEN r.rw IS NOT NULL THEN 'rw' ELSE coalesce(l.kind, 'boundary') END,
       r.level, r.place, r.name, r.aliases, ST_PointOnSurface(r.geom),
       greatest(footprint_m(r.geom), CASE WHEN r.rt IS NULL AND r.rw IS NULL THEN 100 ELSE 30 END),
       r.rt, r.rw, r.geom
  FROM (SELECT *, substring(name FROM '(?i)^(?:RT|Rukun Tetangga)[ .:]*0*(\d{1,3})\y')::int AS rt,
               substring(name FROM '(?i)(?:^|[ ,/.-])(?:RW|Rukun Warga)[ .:]*0*(\d{1,3})\y')::int AS rw
          FROM raw_area WHERE level IS NOT NULL AND ST_Dimension(geom) = 2) r
  LEFT JOIN area_level l USING (level)
 ORDER BY r.level, r.osm_type, r.osm_id;
-- Which area is around a point: without it, thousands of RT would each be held to all RW.
CREATE INDEX area_ground ON area USING gist (geom);
ANALYZE area;

-- An RT belongs to the RW that it lies in.
UPDATE area t SET rw = w.rw FROM area w
 WHERE t.kind = 'rt' AND t.rw IS NULL AND w.kind = 'rw' AND ST_Contains(w.geom, t.point);

-- A place that has a boundary of the same name around it is that area.
INSERT INTO area (kind, place, name, aliases, point, radius_m, geom)
SELECT CASE WHEN r.is_estate THEN 'estate' ELSE 'place' END, r.place, r.name, r.aliases, ST_PointOnSurface(r.geom),
       CASE WHEN ST_Dimension(r.geom) = 2 THEN greatest(footprint_m(r.geom), 100)
            ELSE CASE r.place WHEN 'city' THEN 5000 WHEN 'town' THEN 2500 WHEN 'municipality' THEN 5000
                              WHEN 'borough' THEN 2000 WHEN 'suburb' THEN 1200 WHEN 'village' THEN 1000
                              ELSE 500 END END,
       CASE WHEN ST_Dimension(r.geom) = 2 THEN r.geom END
  FROM raw_area r
 WHERE r.level IS NULL
   AND (r.is_estate OR NOT EXISTS (SELECT FROM area a WHERE a.name = r.name AND ST_Intersects(a.geom, r.geom)
                     AND NOT (a.kind IN ('kecamatan', 'kabupaten')
                              AND r.place IN ('village', 'hamlet', 'suburb', 'neighbourhood', 'quarter'))))
 ORDER BY r.osm_type, r.osm_id;
-- An estate that is drawn as a ground and as a point is one.
DELETE FROM area p USING area g
 WHERE p.kind = 'estate' AND g.kind = 'estate' AND p.geom IS NULL AND g.geom IS NOT NULL
   AND p.name = g.name AND ST_DWithin(p.point, g.geom, 0.001);
CREATE UNLOGGED TABLE estate AS
SELECT a.id, a.geom, folded_words.words
  FROM area a, LATERAL (SELECT array_agg(DISTINCT w.words) AS words
                          FROM (SELECT a.name AS text
                                 UNION
                                SELECT btrim(x) FROM regexp_split_to_table(a.aliases, ';') x) said
                          JOIN raw_text w ON w.text = said.text) folded_words
 WHERE a.kind = 'estate' AND a.geom IS NOT NULL;
CREATE INDEX ON estate USING gist (geom);
ANALYZE estate;

-- Big polygons are cut up so that "which kelurahan is this point in" stays cheap.
CREATE TABLE area_piece AS
SELECT id AS area, kind, name, ST_Subdivide(ST_MakeValid(geom), 64) AS geom
  FROM area WHERE geom IS NOT NULL AND kind IN ('kelurahan', 'kecamatan', 'kabupaten');
CREATE INDEX ON area_piece USING gist (geom);
CREATE INDEX area_place ON area USING gist (point)
 WHERE kind = 'place' AND place IN ('suburb', 'quarter', 'neighbourhood', 'village', 'borough');
CREATE INDEX area_hamlet ON area USING gist (point) WHERE kind = 'place' AND place = 'hamlet';
CREATE INDEX area_town ON area USING gist (point)
 WHERE kind = 'place' AND place IN ('city', 'town', 'municipality');
ANALYZE area;
ANALYZE area_piece;

DROP INDEX area_ground;

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
                              WHERE a.kind = 'place' AND a.place IN
                                    ('suburb', 'quarter', 'neighbourhood', 'village', 'borough')
                              ORDER BY a.point <-> p LIMIT 1) n
                      WHERE ST_DistanceSphere(n.point, p) < 2500),
                    -- A dusun is part of a desa and stands for it only where none is known.
                    (SELECT n.name FROM (SELECT a.name, a.point FROM area a
                              WHERE a.kind = 'place' AND a.place = 'hamlet'
                              ORDER BY a.point <-> p LIMIT 1) n
                      WHERE ST_DistanceSphere(n.point, p) < 2500), ''),
           coalesce((SELECT name FROM inside WHERE kind = 'kecamatan'), ''),
           coalesce((SELECT name FROM inside WHERE kind = 'kabupaten'),
                    (SELECT n.name FROM (SELECT a.name, a.point FROM area a
                              WHERE a.kind = 'place' AND a.place IN ('city', 'town', 'municipality')
                              ORDER BY a.point <-> p LIMIT 1) n
                      WHERE ST_DistanceSphere(n.point, p) < 20000 AND NOT EXISTS (SELECT FROM inside)), '')
$$;

-- The same for all points of a table at once, several times as quick.
CREATE FUNCTION districts_of(tbl regclass)
RETURNS TABLE (id int, kelurahan text, kecamatan text, kabupaten text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        WITH inside AS MATERIALIZED (
            SELECT t.id, t.point, min(a.name) FILTER (WHERE x.kind = 'kelurahan') AS kelurahan,
                   min(a.name) FILTER (WHERE x.kind = 'kecamatan') AS kecamatan,
                   min(a.name) FILTER (WHERE x.kind = 'kabupaten') AS kabupaten
              FROM %s t LEFT JOIN area_piece x ON ST_Intersects(x.geom, t.point)
              LEFT JOIN area a ON a.id = x.area GROUP BY t.id, t.point
        )
        SELECT id, kelurahan, coalesce(kecamatan, ''), coalesce(kabupaten, '') FROM inside
         WHERE kelurahan IS NOT NULL
         UNION ALL
        SELECT i.id, coalesce(v.name, h.name, ''), coalesce(i.kecamatan, ''),
               coalesce(i.kabupaten, CASE WHEN i.kecamatan IS NULL THEN c.name END, '')
          FROM inside i
          LEFT JOIN LATERAL (
               SELECT n.name FROM (SELECT a.name, a.point FROM area a
                          WHERE a.kind = 'place' AND a.place IN
                                ('suburb', 'quarter', 'neighbourhood', 'village', 'borough')
                          ORDER BY a.point <-> i.point LIMIT 1) n
                WHERE ST_DistanceSphere(n.point, i.point) < 2500) v ON true
          LEFT JOIN LATERAL (
               SELECT n.name FROM (SELECT a.name, a.point FROM area a
                          WHERE v.name IS NULL AND a.kind = 'place' AND a.place = 'hamlet'
                          ORDER BY a.point <-> i.point LIMIT 1) n
                WHERE ST_DistanceSphere(n.point, i.point) < 2500) h ON true
          LEFT JOIN LATERAL (
               SELECT n.name FROM (SELECT a.name, a.point FROM area a
                          WHERE i.kabupaten IS NULL AND a.kind = 'place'
                            AND a.place IN ('city', 'town', 'municipality')
                          ORDER BY a.point <-> i.point LIMIT 1) n
                WHERE ST_DistanceSphere(n.point, i.point) < 20000) c ON true
         WHERE i.kelurahan IS NULL
    $query$, tbl);
END
$$;

-- phase: streets

-- What is dropped at the end is unlogged: it need not outlive a crash.
CREATE UNLOGGED TABLE raw_street (
    id int GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL, words text NOT NULL, aliases text, class text, length_m int NOT NULL,
    point geometry(Point, 4326) NOT NULL, geom geometry NOT NULL, estate int
);

-- Roads of one name that touch, or run within some 150 m of each other (the two
-- carriageways of a street, its parts on both sides of a square), are one street.
-- A name that comes again in another part of the city stays a street of its own, and so does
-- "Blok A" in the next estate.
INSERT INTO raw_street (name, words, aliases, class, length_m, point, geom)
SELECT name, words, aliases, class, length_m, ST_ClosestPoint(geom, ST_Centroid(geom)), geom
  FROM (SELECT (mode() WITHIN GROUP (ORDER BY name)) AS name, words, max(aliases) AS aliases,
               (mode() WITHIN GROUP (ORDER BY class)) AS class,
               greatest(sum(ST_Length(geom::geography)), 1)::int AS length_m,
               ST_LineMerge(ST_Collect(geom)) AS geom, min(osm_id) AS first
          FROM (SELECT r.*, t.words,
                       ST_ClusterDBSCAN(r.geom, 0.0014, 1) OVER (PARTITION BY t.words, e.id) AS piece,
                       e.id AS estate
                  FROM road r JOIN raw_text t ON t.text = r.name
                  LEFT JOIN estate e ON t.words ~ '\yblok\y'
                       AND ST_Intersects(e.geom, ST_StartPoint(r.geom))) pieces
         GROUP BY words, estate, piece) merged
 ORDER BY first;
UPDATE raw_street s SET estate = e.id FROM estate e WHERE ST_Intersects(e.geom, s.point);
ANALYZE raw_street (id, words, estate);

-- phase: house numbers

-- Tiles of a fiftieth of a degree: the one of a degree, and those that a shape comes near to.
CREATE FUNCTION tile(degrees float8) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(degrees / 0.02)::int
$$;
CREATE FUNCTION tiles(shape geometry, around float8) RETURNS TABLE (x int, y int)
LANGUAGE sql IMMUTABLE AS $$
    SELECT x, y FROM generate_series(tile(ST_XMin(shape) - around), tile(ST_XMax(shape) + around)) x,
                     generate_series(tile(ST_YMin(shape) - around), tile(ST_YMax(shape) + around)) y
$$;

CREATE UNLOGGED TABLE raw_house AS
SELECT row_number() OVER (ORDER BY r.osm_type, r.osm_id) AS id, r.street AS said, t.words,
       n.number, n.value, n.block,
       CASE WHEN r.block IS NULL THEN r.number ELSE r.block || '/' || r.number END AS number_shown,
       ST_PointOnSurface(r.geom) AS point
  FROM raw_address r JOIN raw_text t ON t.text = r.street
  JOIN raw_number n ON n.said = r.number AND n.block_said = coalesce(r.block, '');
ANALYZE raw_house (id, words, block);

-- A house that says its estate and block stands in the block's street, where that has a name.
CREATE UNLOGGED TABLE house_street AS
SELECT DISTINCT ON (r.id) r.id, s.id AS street
  FROM raw_house r JOIN estate e ON ST_DWithin(e.geom, r.point, 0.0005)
  JOIN raw_street s ON s.estate = e.id
   AND (s.words = 'blok ' || r.block OR right(s.words, length(r.block) + 6) = ' blok ' || r.block)
 WHERE r.block <> '' AND r.words = ANY (e.words)
 ORDER BY r.id, ST_Distance(s.geom, r.point), s.id;
ANALYZE house_street;

-- The nearest street of that name within about 700 m. As one join by words and tiles: by words
-- alone a province's many streets of one name all meet all of its houses; asking street by street,
-- or by place alone, takes several times as long.
CREATE UNLOGGED TABLE street_tile AS
SELECT s.id, s.words, t.* FROM raw_street s CROSS JOIN tiles(s.geom, 0.006) t
 WHERE s.words IN (SELECT words FROM raw_house);
ANALYZE street_tile;
INSERT INTO house_street
SELECT DISTINCT ON (r.id) r.id, s.id
  FROM raw_house r
  JOIN street_tile t ON t.words = r.words AND (t.x, t.y) = (tile(ST_X(r.point)), tile(ST_Y(r.point)))
  JOIN raw_street s ON s.id = t.id AND ST_DWithin(s.geom, r.point, 0.006)
 WHERE NOT EXISTS (SELECT FROM house_street h WHERE h.id = r.id)
 ORDER BY r.id, ST_Distance(s.geom, r.point), s.id;
DROP TABLE street_tile;
ANALYZE house_street;

-- Addresses of a street that is not on the map make a street of their own.
WITH orphan AS (
    SELECT r.*, ST_ClusterDBSCAN(r.point, 0.003, 1) OVER (PARTITION BY r.words) AS piece
      FROM raw_house r WHERE NOT EXISTS (SELECT FROM house_street h WHERE h.id = r.id)
), made AS (
    INSERT INTO raw_street (name, words, length_m, point, geom)
    SELECT (mode() WITHIN GROUP (ORDER BY said)), words, greatest(2 * footprint_m(ST_Collect(point)), 50),
           ST_ClosestPoint(ST_Collect(point), ST_Centroid(ST_Collect(point))), ST_Collect(point)
      FROM orphan GROUP BY words, piece ORDER BY min(id)
    RETURNING id, words, geom
)
INSERT INTO house_street
SELECT DISTINCT ON (o.id) o.id, m.id
  FROM orphan o JOIN made m ON m.words = o.words AND ST_DWithin(m.geom, o.point, 0.00001)
 ORDER BY o.id, m.id;
UPDATE raw_street s SET estate = e.id FROM estate e
 WHERE s.class IS NULL AND ST_Intersects(e.geom, s.point);

CREATE TABLE address (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    street int NOT NULL,
    number text NOT NULL,    -- as compared: "5a"
    number_value int,        -- its digits
    block text NOT NULL,     -- of a housing estate: "c2"; '' = none
    number_shown text NOT NULL,
    point geometry(Point, 4326) NOT NULL
);
INSERT INTO address (street, number, number_value, block, number_shown, point)
SELECT s.street, r.number, nullif(r.value, -1), r.block, r.number_shown, r.point
  FROM raw_house r JOIN house_street s USING (id) WHERE r.number <> '' ORDER BY id;
CREATE INDEX ON address (street, number_value);
CREATE INDEX ON address USING gist (point);
ANALYZE address;

-- phase: gangs

CREATE TABLE street (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    words text NOT NULL,     -- as compared
    aliases text,
    class text,              -- NULL: known from addresses only
    is_gang boolean NOT NULL,
    estate int,              -- area that it lies in
    length_m int NOT NULL,
    point geometry(Point, 4326) NOT NULL, -- on the road, as near to its middle as the road comes
    kelurahan text, kecamatan text, kabupaten text, -- of the point
    passes text,             -- all districts that it runs through
    beside text,             -- words of its estate, and for a gang of the streets that it branches off
    geom geometry NOT NULL
);

-- Only now: with this index the joins above would look every house up by its place.
CREATE INDEX ON raw_street USING gist (geom);
ANALYZE raw_street;
-- A gang is told by the street that it branches off: "gang 5 Sumbersari".
CREATE UNLOGGED TABLE beside AS
SELECT id, string_agg(DISTINCT words, ' ') AS words
  FROM (SELECT g.id, s.words FROM raw_street g JOIN raw_street s
            ON s.id <> g.id AND s.class IS NOT NULL AND ST_DWithin(s.geom, g.geom, 0.00004)
         WHERE g.words ~ '\y(gang|lorong)\y'
         UNION ALL
        SELECT s.id, unnest(e.words) FROM raw_street s JOIN estate e ON e.id = s.estate) w
 GROUP BY id;
CREATE UNLOGGED TABLE passed AS
SELECT s.id, string_agg(DISTINCT a.name, ' ') AS names
  FROM area_piece x JOIN raw_street s ON ST_Intersects(x.geom, s.geom) JOIN area a ON a.id = x.area
 GROUP BY s.id;
INSERT INTO street (id, name, words, aliases, class, is_gang, estate, length_m, point,
                    kelurahan, kecamatan, kabupaten, passes, beside, geom)
OVERRIDING SYSTEM VALUE
SELECT s.id, s.name, s.words, s.aliases, s.class, s.words ~ '\y(gang|lorong)\y', s.estate, s.length_m, s.point,
       d.kelurahan, d.kecamatan, d.kabupaten, p.names, b.words, s.geom
  FROM raw_street s JOIN districts_of('raw_street') d USING (id)
  LEFT JOIN passed p USING (id) LEFT JOIN beside b USING (id)
 ORDER BY s.id;
CREATE INDEX ON street (words);
CREATE INDEX ON street (estate) WHERE estate IS NOT NULL;
CREATE INDEX ON street USING gist (geom);
ANALYZE street;

-- phase: facilities

CREATE TABLE facility (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,      -- hospital, clinic, fire_station, police, school, …; junction, km_post
    name text NOT NULL,
    aliases text,            -- separated by ';'
    radius_m int NOT NULL,   -- of the footprint
    point geometry(Point, 4326) NOT NULL,
    kelurahan text, kecamatan text, kabupaten text,
    entrance geometry(Point, 4326), -- NULL: none is mapped
    front geometry(Point, 4326),    -- of the street that it faces, the point before it
    front_street int,               -- NULL: a street without a name, or no street near
    said_street text,               -- words of its address's street
    geom geometry NOT NULL          -- the footprint as drawn
);

-- One thing is often drawn twice, as a ground and as a point: the larger stays.
INSERT INTO facility (kind, name, aliases, radius_m, point, said_street, geom)
SELECT kind, name, aliases, radius_m, point, said_street, geom
  FROM (SELECT DISTINCT ON (kind, words, piece) kind, name,
               string_agg(aliases, ';') OVER (PARTITION BY kind, words, piece) AS aliases,
               max(said_street) OVER (PARTITION BY kind, words, piece) AS said_street, radius_m, point, geom,
               osm_type, osm_id
          FROM (SELECT r.*, t.words, greatest(footprint_m(r.geom), 20) AS radius_m,
                       ST_PointOnSurface(r.geom) AS point, a.words AS said_street,
                       ST_ClusterDBSCAN(r.geom, 0.001, 1) OVER (PARTITION BY r.kind, t.words) AS piece
                  FROM raw_facility r JOIN raw_text t ON t.text = r.name
                  LEFT JOIN raw_text a ON a.text = r.street) drawn
         ORDER BY kind, words, piece, radius_m DESC, osm_type, osm_id) once
 ORDER BY osm_type, osm_id;
UPDATE facility f SET kelurahan = d.kelurahan, kecamatan = d.kecamatan, kabupaten = d.kabupaten
  FROM districts_of('facility') d WHERE d.id = f.id;
CREATE INDEX ON facility (kind);
CREATE INDEX ON facility USING gist (point);
CREATE INDEX ON facility USING gist (geom);
ANALYZE facility;

-- phase: fronts

-- A ground is entered by the gate on its edge, a building by the main door in its wall. What is
-- known as a point only has neither: a door near by may be anybody's.
CREATE INDEX ON raw_entrance USING gist (geom);
ANALYZE raw_entrance;
CREATE UNLOGGED TABLE way_in AS
SELECT 'f'::"char" AS kind, f.id, f.geom, f.point, f.said_street, f.radius_m, n.geom AS entrance
  FROM facility f
  LEFT JOIN LATERAL (
       SELECT g.geom FROM raw_entrance g
        WHERE ST_Dimension(f.geom) = 2 AND ST_DWithin(f.geom, g.geom, 0.0001)
          AND (g.kind <> 'gate' OR ST_DWithin(ST_Boundary(f.geom), g.geom, 0.0001))
        ORDER BY (g.kind = 'gate') = (f.radius_m >= 50) DESC, g.kind <> 'main',
                 ST_Distance(f.geom, g.geom), g.osm_id LIMIT 1) n ON true
UNION ALL
SELECT 'e'::"char", a.id, a.geom, a.point, NULL, a.radius_m, n.geom
  FROM area a
  LEFT JOIN LATERAL (
       SELECT g.geom FROM raw_entrance g
        WHERE ST_DWithin(ST_Boundary(a.geom), g.geom, 0.0002) AND g.kind = 'gate'
        ORDER BY ST_Distance(ST_Boundary(a.geom), g.geom), g.osm_id LIMIT 1) n ON true
 WHERE a.kind = 'estate' AND a.geom IS NOT NULL;

-- The street that it faces: that of its address if it is near, else the nearest one that has a
-- name. A gang is faced only by what has no street beside it; an estate faces none of its own.
CREATE UNLOGGED TABLE front AS
SELECT w.kind, w.id, w.entrance, n.street,
       coalesce(n.point, o.point) AS point, coalesce(n.away, o.away) AS away
  FROM (SELECT *, coalesce(entrance, geom) AS at FROM way_in) w
  LEFT JOIN LATERAL (
       SELECT c.id AS street, ST_ClosestPoint(c.geom, w.at) AS point, ST_Distance(c.geom, w.at) AS away
         FROM ((SELECT s.id, s.geom, s.words, s.is_gang FROM street s
                 WHERE s.class IS NOT NULL AND s.class NOT IN ('motorway_link', 'trunk_link')
                   AND (w.kind <> 'e' OR s.estate IS DISTINCT FROM w.id)
                   AND ST_DWithin(s.geom, w.at, 0.0025)
                 ORDER BY s.geom <-> w.at LIMIT 6)
               UNION
               (SELECT s.id, s.geom, s.words, s.is_gang FROM street s
                 WHERE s.class IS NOT NULL AND s.words = w.said_street AND ST_DWithin(s.geom, w.at, 0.0025))) c
        ORDER BY ST_Distance(c.geom, w.at)
                 + CASE WHEN c.is_gang AND w.radius_m >= 25 THEN 0.00025 ELSE 0 END
                 - CASE WHEN c.words = w.said_street THEN 0.0025 ELSE 0 END, c.id
        LIMIT 1) n ON true
  -- A street without a name is what it faces where that is clearly nearer.
  LEFT JOIN LATERAL (
       SELECT ST_ClosestPoint(r.geom, w.at) AS point, ST_Distance(r.geom, w.at) AS away FROM road r
        WHERE n.street IS NULL AND r.name IS NULL
          AND r.class IN ('primary', 'secondary', 'tertiary', 'unclassified', 'residential', 'living_street')
          AND ST_DWithin(r.geom, w.at, 0.0025)
        ORDER BY ST_Distance(r.geom, w.at), r.osm_id LIMIT 1) o ON true;
UPDATE facility f SET entrance = n.entrance, front = n.point, front_street = n.street
  FROM front n WHERE n.kind = 'f' AND n.id = f.id;

-- phase: junctions

-- Where streets meet, as the road graph has it. A row for each pair of streets, street_a <
-- street_b; street_b is NULL where the others have no name.
CREATE TABLE junction (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    street_a int NOT NULL,
    street_b int,
    arms smallint NOT NULL,
    is_roundabout boolean NOT NULL,
    point geometry(Point, 4326) NOT NULL
);
CREATE UNLOGGED TABLE street_tile AS
SELECT s.id, s.words, t.* FROM street s CROSS JOIN tiles(s.geom, 0.001) t;
ANALYZE street_tile;
CREATE UNLOGGED TABLE meets AS
SELECT DISTINCT ON (j.junction, j.name) j.junction, s.id AS street, j.arms, j.is_roundabout, p.point
  FROM raw_junction j
  JOIN raw_text t ON t.text = j.name
 CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(j.lon, j.lat), 4326) AS point) p
  JOIN street_tile x ON x.words = t.words AND (x.x, x.y) = (tile(j.lon), tile(j.lat))
  JOIN street s ON s.id = x.id AND ST_DWithin(s.geom, p.point, 0.001)
 ORDER BY j.junction, j.name, ST_Distance(s.geom, p.point), s.id;
DROP TABLE street_tile;
ANALYZE meets (junction, street);
INSERT INTO junction (street_a, street_b, arms, is_roundabout, point)
SELECT DISTINCT ON (a.junction, a.street, b.street) a.street, b.street, a.arms, a.is_roundabout, a.point
  FROM (SELECT *, min(street) OVER (PARTITION BY junction) = max(street) OVER (PARTITION BY junction)
                  AS is_alone FROM meets) a
  LEFT JOIN meets b ON b.junction = a.junction AND b.street > a.street
 WHERE b.street IS NOT NULL OR a.is_alone
 ORDER BY a.junction, a.street, b.street;
CREATE INDEX ON junction (street_a, street_b);
CREATE INDEX ON junction (street_b);
CREATE INDEX ON junction USING gist (point);
ANALYZE junction;

-- phase: search

-- The names of aliases.conf are further names of what bears them already.
CREATE UNLOGGED TABLE also AS
WITH wanted AS MATERIALIZED (
    SELECT t.words, r.* FROM raw_alias r JOIN raw_text t ON t.text = r.name
), words AS MATERIALIZED (
    SELECT text, words FROM raw_text WHERE words IN (SELECT words FROM wanted)
), named AS (
    SELECT 's'::"char" AS kind, s.id, s.words, s.point FROM street s WHERE words IN (SELECT words FROM wanted)
    UNION ALL
    SELECT 's', s.id, t.words, s.point FROM street s, string_to_table(s.aliases, ';') x
      JOIN words t ON t.text = btrim(x)
    UNION ALL
    SELECT 'f', f.id, t.words, f.point FROM facility f, string_to_table(concat_ws(';', f.name, f.aliases), ';') x
      JOIN words t ON t.text = btrim(x)
    UNION ALL
    SELECT 'a', a.id, t.words, a.point FROM area a, string_to_table(concat_ws(';', a.name, a.aliases), ';') x
      JOIN words t ON t.text = btrim(x)
     WHERE a.kind NOT IN ('rt', 'rw')
)
SELECT n.kind, n.id, string_agg(DISTINCT w.alias, ';') AS aliases
  FROM wanted w JOIN named n USING (words)
 WHERE w.lon IS NULL OR ST_DistanceSphere(n.point, ST_SetSRID(ST_MakePoint(w.lon, w.lat), 4326)) < w.km * 1000
 GROUP BY n.kind, n.id;
UPDATE street s SET aliases = concat_ws(';', s.aliases, x.aliases) FROM also x WHERE x.kind = 's' AND x.id = s.id;
UPDATE facility f SET aliases = concat_ws(';', f.aliases, x.aliases) FROM also x WHERE x.kind = 'f' AND x.id = f.id;
UPDATE area a SET aliases = concat_ws(';', a.aliases, x.aliases) FROM also x WHERE x.kind = 'a' AND x.id = a.id;

-- Everything that can be asked for, one row a name, the important ones first (by rank, then the
-- larger), numbered from 1 in that order. `own` are the words of the name. `context` are those of
-- its districts, so that "Veteran Ketawanggede" meets the right Veteran, of the street that it
-- faces or branches off, and of its estate.
CREATE TABLE name (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind "char" NOT NULL,    -- s street, g gang, f facility, j named junction, k kilometre post,
                             -- a area, e estate, r RT or RW
    thing int NOT NULL,      -- id in street (s, g), facility (f, j, k) or area (a, e, r)
    label text NOT NULL,
    sort text NOT NULL,      -- hospital, residential, kelurahan …; '' = unknown
    own text[] NOT NULL,
    context text[] NOT NULL,
    own_weight real NOT NULL DEFAULT 0,
    reach_m int NOT NULL,    -- radius: footprint, or half the street's length
    rank smallint NOT NULL,  -- among equals, the smaller first
    lon_e7 int NOT NULL, lat_e7 int NOT NULL, -- of its point, in 1e-7 degrees as all below: half the
                                              -- bytes and work of geometries, and nothing is joined here
    kelurahan text NOT NULL, kecamatan text NOT NULL, kabupaten text NOT NULL,
    front_street int, front_name text,        -- f, j, k, e: the street that it faces; NULL = it has no name
    front_lon_e7 int, front_lat_e7 int,       -- the point of it in front; NULL: no street is near
    entrance_lon_e7 int, entrance_lat_e7 int, -- NULL: none is mapped
    west_e7 int, south_e7 int, east_e7 int, north_e7 int -- of the footprint; NULL: a street
);

CREATE FUNCTION e7(degrees float8) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT round(degrees * 1e7)::int $$;

-- The squares of 0.02 degree that a shape touches (columns by longitude, rows by latitude); of what
-- covers many, that of its point alone.
CREATE FUNCTION squares(shape geometry, p geometry, OUT x int, OUT y int) RETURNS SETOF record
LANGUAGE plpgsql STABLE AS $$
DECLARE
    west int := floor(ST_XMin(shape) / 0.02);
    east int := floor(ST_XMax(shape) / 0.02);
    south int := floor(ST_YMin(shape) / 0.02);
    north int := floor(ST_YMax(shape) / 0.02);
BEGIN
    IF west = east AND south = north OR (east - west + 1) * (north - south + 1) > 60 THEN
        x := floor(ST_X(p) / 0.02);
        y := floor(ST_Y(p) / 0.02);
        RETURN NEXT;
        RETURN;
    END IF;
    RETURN QUERY SELECT c, r FROM generate_series(west, east) c, generate_series(south, north) r
      WHERE ST_Intersects(shape, ST_MakeEnvelope(c * 0.02, r * 0.02, c * 0.02 + 0.02, r * 0.02 + 0.02, 4326));
END
$$;

CREATE UNLOGGED TABLE thing AS
SELECT (CASE WHEN is_gang THEN 'g' ELSE 's' END)::"char" AS kind, id, name, name AS label, coalesce(class, '') AS sort,
       aliases, length_m / 2 AS reach_m,
       CASE WHEN is_gang THEN 5 WHEN class IN ('motorway', 'trunk', 'primary', 'secondary') THEN 2
            WHEN class IS NULL THEN 6 ELSE 3 END AS rank,
       point, kelurahan, kecamatan, kabupaten, concat_ws(' ', folded(passes), beside) AS more,
       NULL::int AS front_street, NULL::geometry AS front, NULL::geometry AS entrance, geom AS shape,
       NULL::geometry AS extent
  FROM street
UNION ALL
SELECT (CASE f.kind WHEN 'junction' THEN 'j' WHEN 'km_post' THEN 'k' ELSE 'f' END)::"char", f.id, f.name, f.name, f.kind,
       f.aliases, f.radius_m,
       CASE f.kind WHEN 'hospital' THEN 0 WHEN 'clinic' THEN 1 WHEN 'fire_station' THEN 1 WHEN 'police' THEN 1
                   WHEN 'landmark' THEN 4 WHEN 'other' THEN 5 WHEN 'km_post' THEN 5 ELSE 3 END,
       f.point, f.kelurahan, f.kecamatan, f.kabupaten, concat_ws(' ', s.words, f.said_street, s.beside),
       f.front_street, f.front, f.entrance, f.geom, f.geom
  FROM facility f LEFT JOIN street s ON s.id = f.front_street
UNION ALL
SELECT (CASE a.kind WHEN 'estate' THEN 'e' WHEN 'rt' THEN 'r' WHEN 'rw' THEN 'r' ELSE 'a' END)::"char", a.id, a.name,
       CASE WHEN a.kind = 'rt' AND a.rw IS NOT NULL THEN 'RT ' || a.rt || ' RW ' || a.rw
            WHEN a.kind = 'rt' THEN 'RT ' || a.rt WHEN a.kind = 'rw' THEN 'RW ' || a.rw ELSE a.name END,
       CASE WHEN a.kind IN ('place', 'boundary') THEN coalesce(a.place, a.kind) ELSE a.kind END,
       a.aliases, a.radius_m,
       CASE a.kind WHEN 'estate' THEN 3 WHEN 'rt' THEN 6 WHEN 'rw' THEN 6 ELSE 4 END, a.point,
       CASE WHEN a.kind IN ('kecamatan', 'kabupaten', 'boundary') OR a.place IN ('city', 'town') THEN ''
            ELSE d.kelurahan END,
       CASE WHEN a.kind IN ('kabupaten', 'boundary') OR a.place = 'city' THEN '' ELSE d.kecamatan END,
       CASE WHEN a.kind = 'boundary' THEN '' ELSE d.kabupaten END,
       CASE a.kind WHEN 'rt' THEN 'rw ' || a.rw WHEN 'estate' THEN s.words END,
       n.street, n.point, n.entrance, coalesce(a.geom, a.point), coalesce(a.geom, a.point)
  FROM area a LEFT JOIN front n ON n.kind = 'e' AND n.id = a.id LEFT JOIN street s ON s.id = n.street,
       LATERAL district(a.point) d;

-- Districts as words: few names, borne by many things.
CREATE UNLOGGED TABLE district_words AS
SELECT name, folded(name) AS words
  FROM (SELECT kelurahan AS name FROM thing UNION SELECT kecamatan FROM thing UNION SELECT kabupaten FROM thing) n
 WHERE name <> '';
ANALYZE thing (kind, id, kelurahan, kecamatan, kabupaten);
ANALYZE district_words;

CREATE UNLOGGED TABLE said AS
SELECT kind, id, words, min(nth) AS nth
  FROM (SELECT t.kind, t.id, r.words, 0 AS nth FROM thing t JOIN raw_text r ON r.text = t.name
         WHERE t.kind <> 'r'
         UNION ALL
        SELECT t.kind, t.id, r.words, 1 FROM thing t CROSS JOIN LATERAL string_to_table(t.aliases, ';') one
          JOIN raw_text r ON r.text = btrim(one)
         WHERE t.kind <> 'r'
         UNION ALL
        SELECT 'r'::"char", id, CASE kind WHEN 'rt' THEN 'rt ' || rt ELSE 'rw ' || rw END, 0
          FROM area WHERE kind IN ('rt', 'rw')) w
 GROUP BY kind, id, words;
ANALYZE said;
-- What a thing is also called is said together, too: "UMM Kampus Putih".
CREATE UNLOGGED TABLE bag AS
SELECT t.kind, t.id, ARRAY(SELECT DISTINCT w FROM string_to_table(
           concat_ws(' ', a.words, b.words, c.words, t.more, o.words), ' ') w WHERE w <> '') AS context
  FROM thing t
  LEFT JOIN (SELECT kind, id, string_agg(words, ' ') AS words FROM said GROUP BY kind, id
             HAVING count(*) > 1) o USING (kind, id)
  LEFT JOIN district_words a ON a.name = t.kelurahan
  LEFT JOIN district_words b ON b.name = t.kecamatan
  LEFT JOIN district_words c ON c.name = t.kabupaten;
ANALYZE bag (kind, id);

-- How many names have a word. A rare word says more.
CREATE UNLOGGED TABLE weight AS
SELECT word, count(*)::int AS n, (1 / (1 + ln(count(*))))::real AS weight
  FROM (SELECT DISTINCT kind, id, words, word
          FROM (SELECT kind, id, words, word FROM said, string_to_table(words, ' ') word
                 UNION ALL
                SELECT s.kind, s.id, s.words, word FROM said s JOIN bag b USING (kind, id),
                       unnest(b.context) word) every_word) w
 GROUP BY word;
ANALYZE weight;

CREATE UNLOGGED TABLE spelling AS
SELECT words, sum(v.weight) AS weight
  FROM (SELECT DISTINCT words, word FROM said, string_to_table(words, ' ') word) o JOIN weight v USING (word)
 GROUP BY words;
ANALYZE spelling;

INSERT INTO name (kind, thing, label, sort, own, context, own_weight, reach_m, rank, lon_e7, lat_e7,
                  kelurahan, kecamatan, kabupaten, front_street, front_name, front_lon_e7, front_lat_e7,
                  entrance_lon_e7, entrance_lat_e7, west_e7, south_e7, east_e7, north_e7)
SELECT t.kind, t.id, regexp_replace(t.label, '^Jalan ', 'Jl. '), t.sort, string_to_array(s.words, ' '), b.context,
       w.weight, t.reach_m, t.rank, e7(ST_X(t.point)), e7(ST_Y(t.point)),
       coalesce(t.kelurahan, ''), coalesce(t.kecamatan, ''), coalesce(t.kabupaten, ''),
       t.front_street, f.name, e7(ST_X(t.front)), e7(ST_Y(t.front)), e7(ST_X(t.entrance)), e7(ST_Y(t.entrance)),
       e7(ST_XMin(t.extent)), e7(ST_YMin(t.extent)), e7(ST_XMax(t.extent)), e7(ST_YMax(t.extent))
  FROM said s JOIN thing t USING (kind, id) JOIN bag b USING (kind, id) JOIN spelling w USING (words)
  LEFT JOIN street f ON f.id = t.front_street
 ORDER BY t.rank, t.reach_m DESC, t.kind, t.id, s.nth, s.words;
CREATE INDEX ON name (kind, thing);

-- What the placer keeps in memory (name_index.h), as it reads it: big-endian numbers in a row.
CREATE TABLE name_block AS
SELECT (id - 1) / 4096 AS block,
       string_agg(int4send(ascii(kind::text)) || int4send(lon_e7) || int4send(lat_e7)
                  || int4send(cardinality(own)),
                  '' ORDER BY id) AS names
  FROM name GROUP BY 1;
ALTER TABLE name_block ADD PRIMARY KEY (block);

CREATE TABLE square AS
SELECT x, y, string_agg(int4send(2 * n.id), '' ORDER BY n.id) AS names
  FROM (SELECT t.kind, t.id, s.x, s.y FROM thing t, squares(t.shape, t.point) s) t
  JOIN name n ON n.kind = t.kind AND n.thing = t.id
 GROUP BY x, y;
ALTER TABLE square ADD PRIMARY KEY (x, y);

-- The vocabulary, and which names have a word.
CREATE TABLE word (word text PRIMARY KEY, n int NOT NULL, weight real NOT NULL, names bytea NOT NULL);
ALTER TABLE word ALTER names SET STORAGE EXTERNAL;
INSERT INTO word
SELECT v.word, v.n, v.weight, x.names
  FROM weight v
  JOIN (SELECT word, string_agg(int4send(2 * id + is_own), '' ORDER BY id) AS names
          FROM (SELECT id, w COLLATE "C" AS word, 1 AS is_own FROM name, unnest(own) w
                 UNION ALL
                SELECT id, w COLLATE "C", 0 FROM name, unnest(context) w WHERE w <> ALL (own)) o
         GROUP BY word) x ON x.word COLLATE "C" = v.word;
ANALYZE word;

-- phase: finishing

DROP TABLE raw_address, raw_facility, raw_area, raw_entrance, raw_text, raw_number, raw_alias, raw_junction,
           raw_street, raw_house, house_street, area_level, estate, beside, passed, way_in, front, meets,
           also, thing, district_words, said, bag, spelling, weight;
DROP FUNCTION districts_of, squares, e7;
ANALYZE name;
ANALYZE word;
ANALYZE street;
ANALYZE facility;
