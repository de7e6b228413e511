-- What the import takes out of an OpenStreetMap extract into PostGIS.
--
-- osm2pgsql's flex output runs this for every tagged object. The schema comes
-- from the environment (SIGAP_IMPORT_SCHEMA), because the import fills a staging
-- schema that becomes the city's only when everything is in it.
--
-- Tables named raw_* are material for import.sql, which makes the searchable
-- tables of them and drops them. The others stay as they are, for map tiles.
-- All geometry is WGS 84 (EPSG:4326), longitude first.

local schema = os.getenv('SIGAP_IMPORT_SCHEMA') or 'sigap_staging'

local function table_of(name, columns, for_tiles)
    columns[#columns + 1] = { column = 'geom', type = 'geometry', projection = 4326, not_null = true }
    return osm2pgsql.define_table({
        name = name,
        schema = schema,
        ids = { type = 'any', id_column = 'osm_id', type_column = 'osm_type' },
        columns = columns,
        -- Clustering and indexing what is dropped a moment later would cost half the time.
        cluster = for_tiles and 'auto' or 'no',
        indexes = (not for_tiles) and {} or nil,
    })
end

local road = table_of('road', {
    { column = 'class', type = 'text', not_null = true },
    { column = 'name', type = 'text' },
    { column = 'aliases', type = 'text' }, -- separated by ';'
    { column = 'ref', type = 'text' },
    { column = 'is_bridge', type = 'boolean' },
    { column = 'is_tunnel', type = 'boolean' },
    { column = 'is_oneway', type = 'boolean' },
}, true)
local building = table_of('building', {
    { column = 'kind', type = 'text' },
    { column = 'name', type = 'text' },
}, true)
local water = table_of('water', {
    { column = 'kind', type = 'text' },
    { column = 'name', type = 'text' },
}, true)
local landuse = table_of('landuse', {
    { column = 'kind', type = 'text' },
    { column = 'name', type = 'text' },
}, true)
local raw_address = table_of('raw_address', {
    { column = 'number', type = 'text', not_null = true },
    { column = 'street', type = 'text', not_null = true },
    { column = 'is_place', type = 'boolean' }, -- `street` is an estate or hamlet (addr:place)
    { column = 'block', type = 'text' },
})
local raw_facility = table_of('raw_facility', {
    { column = 'kind', type = 'text', not_null = true },
    { column = 'name', type = 'text', not_null = true },
    { column = 'aliases', type = 'text' },
    { column = 'street', type = 'text' }, -- of its address
})
-- Where one goes in: an entrance of a building, a gate of a ground.
local raw_entrance = table_of('raw_entrance', {
    { column = 'kind', type = 'text', not_null = true }, -- main, other, gate
})
local raw_area = table_of('raw_area', {
    { column = 'level', type = 'int' }, -- admin_level of a boundary; NULL for a place
    { column = 'place', type = 'text' },
    { column = 'name', type = 'text', not_null = true },
    { column = 'aliases', type = 'text' },
    { column = 'is_estate', type = 'boolean' }, -- a housing estate
})

-- Other names under which a thing is asked for.
local ALIAS_KEYS = { 'alt_name', 'short_name', 'old_name', 'loc_name', 'name:id', 'name:en', 'official_name' }

local function aliases_of(tags)
    local found = {}
    for _, key in ipairs(ALIAS_KEYS) do
        if tags[key] and tags[key] ~= tags.name then
            found[#found + 1] = tags[key]
        end
    end
    if #found > 0 then
        return table.concat(found, ';')
    end
end

-- key, value -> kind of facility. `true` in place of a table: any value.
local AMENITIES = {
    hospital = 'hospital', clinic = 'clinic', doctors = 'clinic', health_centre = 'clinic',
    fire_station = 'fire_station', police = 'police', school = 'school', kindergarten = 'school',
    university = 'university', college = 'university', place_of_worship = 'worship',
    marketplace = 'market', fuel = 'fuel', bus_station = 'station', ferry_terminal = 'station',
    townhall = 'office', courthouse = 'office', public_building = 'office',
    community_centre = 'office', post_office = 'office', bank = 'bank', pharmacy = 'pharmacy',
    theatre = 'landmark', cinema = 'landmark', library = 'landmark', arts_centre = 'landmark',
    restaurant = 'restaurant', cafe = 'restaurant', fast_food = 'restaurant',
    nursing_home = 'social', social_facility = 'social', prison = 'office', embassy = 'office',
}
local HEALTHCARE = { hospital = 'hospital', clinic = 'clinic', centre = 'clinic', doctor = 'clinic' }
local SHOPS = { mall = 'mall', department_store = 'mall', supermarket = 'market' }
local TOURISM = { hotel = 'hotel', hostel = 'hotel', guest_house = 'hotel', motel = 'hotel' }
local RAILWAYS = { station = 'station', halt = 'station', tram_stop = 'station', subway_entrance = 'station' }
local LEISURE = { park = 'park', stadium = 'landmark', sports_centre = 'landmark', marina = 'landmark',
                  swimming_pool = 'landmark', garden = 'park', pitch = 'park', recreation_ground = 'park' }
local NATURE = { beach = true, peak = true, volcano = true, spring = true, hot_spring = true, cave_entrance = true }

local function facility_kind(tags)
    -- Crossings that people know by name ("Simpang Empat Blimbing").
    if tags.junction == 'yes' or tags.highway == 'traffic_signals' then
        return 'junction'
    end
    if tags.highway == 'milestone' then
        return 'km_post'
    end
    -- "Halte X" is where people wait and are found.
    if tags.highway == 'bus_stop' then
        return 'other'
    end
    if tags.highway then
        return nil
    end
    if tags.emergency == 'ambulance_station' then
        return 'ambulance_station'
    end
    local kind = AMENITIES[tags.amenity] or HEALTHCARE[tags.healthcare] or SHOPS[tags.shop]
        or RAILWAYS[tags.railway] or (tags.public_transport == 'station' and 'station')
        or TOURISM[tags.tourism] or LEISURE[tags.leisure]
        or (tags.aeroway == 'aerodrome' and 'station') or (tags.aeroway == 'terminal' and 'station')
    if kind then
        return kind
    end
    if tags.amenity == 'bench' then
        return nil
    end
    if tags.tourism or tags.historic or tags.man_made == 'tower' or tags.man_made == 'bridge'
        or NATURE[tags.natural] then
        return 'landmark'
    end
    if tags.office == 'government' or tags.government then
        return 'office'
    end
    if tags.amenity or tags.shop or tags.office or tags.craft then
        return 'other'
    end
    -- A building or ground that people know by name ("Gedung Kesenian Gajayana").
    if tags.building and tags.building ~= 'no' or tags.landuse == 'cemetery' or tags.landuse == 'recreation_ground'
        or tags.landuse == 'commercial' or tags.landuse == 'retail' then
        return 'landmark'
    end
end

-- "KM 12": what a kilometre post is asked for by; its distance may be "12", "12.4" or "12 km".
local function post_name(tags)
    local said = tags.distance or tags['railway:position'] or tags.name
    local number = said and said:match('%d+[.,]?%d*')
    return number and 'KM ' .. number:gsub(',', '.'):gsub('%.0*$', '') or nil
end

-- Gates stand on a ground's edge, entrances in a building's wall.
local GATES = { gate = true, lift_gate = true, swing_gate = true, sliding_gate = true, entrance = true }

local function take_entrance(object, geom)
    local tags = object.tags
    if tags.entrance and tags.entrance ~= 'no' and tags.entrance ~= 'exit' then
        raw_entrance:insert({ kind = tags.entrance == 'main' and 'main' or 'other', geom = geom })
    elseif GATES[tags.barrier] then
        raw_entrance:insert({ kind = 'gate', geom = geom })
    end
end

local function take_named(object, geom)
    local tags = object.tags
    local number = tags['addr:housenumber']
    local street = tags['addr:street'] or tags['addr:place']
    if number and street then
        raw_address:insert({ number = number, street = street, is_place = tags['addr:street'] == nil,
                             block = tags['addr:block'], geom = geom })
    end
    local kind = facility_kind(tags)
    local name = tags.name
    if kind == 'km_post' then
        name = post_name(tags)
    end
    if kind and name then
        raw_facility:insert({ kind = kind, name = name, aliases = aliases_of(tags),
                              street = tags['addr:street'], geom = geom })
    end
end

local PLACES = { city = true, town = true, suburb = true, quarter = true, neighbourhood = true,
                 village = true, hamlet = true, borough = true, municipality = true, locality = true,
                 isolated_dwelling = true }

local QUARTERS = { quarter = true, neighbourhood = true, suburb = true, locality = true }
local ESTATE_WORDS = { Perum = true, Perumahan = true, Perumnas = true, Komplek = true, Kompleks = true,
                       Komp = true, Griya = true, Villa = true, Graha = true, Cluster = true }

local function take_area(object, geom)
    local tags = object.tags
    if not tags.name then
        return
    end
    local level = tags.boundary == 'administrative' and tonumber(tags.admin_level)
    local place = PLACES[tags.place] and tags.place
    -- A residential ground with a name is an estate; so is a quarter that says so itself.
    local estate = (not level and tags.landuse == 'residential')
        or (QUARTERS[place] and ESTATE_WORDS[tags.name:match('^%a+') or '']) or false
    if level or place or estate then
        raw_area:insert({ level = level and math.floor(level) or nil, place = place or nil,
                          name = tags.name, aliases = aliases_of(tags), is_estate = estate, geom = geom })
    end
end

local function take_ground(object, geom)
    local tags = object.tags
    if tags.building and tags.building ~= 'no' then
        building:insert({ kind = tags.building, name = tags.name, geom = geom })
    end
    if tags.natural == 'water' or tags.waterway == 'riverbank' or tags.landuse == 'reservoir' then
        water:insert({ kind = 'area', name = tags.name, geom = geom })
    elseif tags.landuse or tags.leisure == 'park' or tags.natural == 'wood' or tags.natural == 'beach' then
        landuse:insert({ kind = tags.landuse or tags.leisure or tags.natural, name = tags.name, geom = geom })
    end
end

function osm2pgsql.process_node(object)
    local geom = object:as_point()
    take_named(object, geom)
    take_area(object, geom)
    take_entrance(object, geom)
end

function osm2pgsql.process_way(object)
    local tags = object.tags
    if tags.highway and tags.area ~= 'yes' then
        road:insert({
            class = tags.highway,
            name = tags.name,
            aliases = aliases_of(tags),
            ref = tags.ref,
            is_bridge = tags.bridge ~= nil and tags.bridge ~= 'no',
            is_tunnel = tags.tunnel ~= nil and tags.tunnel ~= 'no',
            is_oneway = tags.oneway == 'yes' or tags.oneway == '-1',
            geom = object:as_linestring(),
        })
        return
    end
    if tags.railway == 'rail' or tags.railway == 'tram' then
        road:insert({ class = tags.railway, geom = object:as_linestring() })
    end
    if object.is_closed then
        local geom = object:as_polygon()
        take_named(object, geom)
        take_area(object, geom)
        take_ground(object, geom)
    else
        if tags.waterway then
            water:insert({ kind = tags.waterway, name = tags.name, geom = object:as_linestring() })
        end
        if tags.name and (tags['addr:housenumber'] or facility_kind(tags)) then
            take_named(object, object:as_linestring())
        end
    end
end

function osm2pgsql.process_relation(object)
    local kind = object.tags.type
    if kind == 'multipolygon' or kind == 'boundary' then
        local geom = object:as_multipolygon()
        take_named(object, geom)
        take_area(object, geom)
        take_ground(object, geom)
    end
end
