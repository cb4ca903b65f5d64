    -- A promotion is in the control file at once; the checkpoint after it may take minutes, and clears the first value.
    'timeline', (SELECT greatest(c.timeline_id, r.min_recovery_end_timeline)
        FROM pg_control_checkpoint() c, pg_control_recovery() r)
