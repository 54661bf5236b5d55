-- Where departments and vendors are: a table of the operator, by which expenditures become points and are summed up by
-- area. A payment itself has no place.
CREATE TABLE expenditure_places (
    dataset     text NOT NULL REFERENCES datasets (slug) ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('department', 'vendor')),
    -- The department as it is written, or the key of the vendor (expenditures.vendor_key).
    key         text NOT NULL,
    -- The name as the operator's table has it.
    name        text NOT NULL,
    longitude   double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    latitude    double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    PRIMARY KEY (dataset, kind, key)
);

GRANT SELECT ON expenditure_places TO hextant_reader;
