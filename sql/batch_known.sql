-- The other batches of a file: those with the same bytes, those with the same records, and those with the bytes or
-- records of these.
-- $1 dataset, $2 SHA-256 of the bytes in hexadecimal, $3 digest of the records or NULL, $4 the batch itself, or NULL to
-- include it
WITH same AS (
    SELECT sha256, content FROM ingest_batches WHERE dataset = $1 AND (sha256 = decode($2, 'hex') OR content = $3)
)
SELECT id
FROM ingest_batches
WHERE dataset = $1 AND id IS DISTINCT FROM $4
    AND (sha256 IN (SELECT sha256 FROM same) OR content IN (SELECT content FROM same));
