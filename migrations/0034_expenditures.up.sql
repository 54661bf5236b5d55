-- Expenditures: payments of a city, in datasets that hold them instead of events.

-- What the records of a dataset are. Tiles, scores, outlooks and the map leave out those that hold expenditures.
ALTER TABLE datasets ADD COLUMN holds text NOT NULL DEFAULT 'events' CHECK (holds IN ('events', 'expenditures'));
-- Raised by every change of a dataset's expenditures, so that answers about them are cached by it.
ALTER TABLE datasets ADD COLUMN expenditures_version bigint NOT NULL DEFAULT 0;

-- No foreign keys: a check for each row would double the cost of COPY. Deleting a dataset deletes its rows.
CREATE TABLE expenditures (
    id                  bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000) PRIMARY KEY,
    dataset             text NOT NULL,
    -- The source's own id of the row, or a hash of what the row says with a number behind it where rows are equal.
    source_id           text NOT NULL,
    fiscal_year         integer,
    entered             date,
    vendor              text,
    -- The vendor's name by the rule of docs/spending.md, under which its spellings are one.
    vendor_key          text,
    department          text,
    account             text,
    account_description text,
    organisation        text,
    -- Negative: a reversal.
    amount              numeric(14, 2) NOT NULL,
    -- The number by which a change of the row is noticed.
    version             bigint NOT NULL DEFAULT 1,
    -- The batch that brought the row or changed it last; NULL for one that was written by hand.
    batch_id            bigint,
    UNIQUE (dataset, source_id)
);
CREATE INDEX idx_expenditures_dataset ON expenditures (dataset, id);
CREATE INDEX idx_expenditures_vendor ON expenditures (dataset, vendor_key, id);

-- The rows of a full refresh that is under way, which take the place of the dataset's rows all at once.
CREATE TABLE expenditures_next (LIKE expenditures INCLUDING DEFAULTS INCLUDING IDENTITY, UNIQUE (dataset, source_id));

GRANT SELECT ON expenditures TO hextant_reader;
