-- A look for jobs that changes none told every worker to look, the one that looked too: workers with nothing to do never
-- slept. Only a job that changed is told of.
DROP TRIGGER tell_workers_of_change ON jobs;
CREATE TRIGGER tell_workers_of_change AFTER UPDATE OF state, cancel_requested_at ON jobs
    FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.cancel_requested_at IS DISTINCT FROM NEW.cancel_requested_at)
    EXECUTE FUNCTION tell_workers();
