DROP TRIGGER tell_workers_of_change ON jobs;
CREATE TRIGGER tell_workers_of_change AFTER UPDATE OF state, cancel_requested_at ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION tell_workers();
