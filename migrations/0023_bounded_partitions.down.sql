-- Wide partitions stay as they are: they hold events, and an older release reads and fills them like others.
DROP FUNCTION merge_event_partitions(bigint);
DROP FUNCTION drop_empty_event_partitions(bigint);
DROP FUNCTION make_event_partitions(timestamptz[]);
DROP FUNCTION event_partition_width(timestamptz);
